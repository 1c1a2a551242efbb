from datetime import date

import pytest

from achats.changing.correcting import correct_invoice
from achats.changing.history import Happening, events_of, history_of
from achats.models import Kind, PurchaseInvoice
from banking.matches.deciding import undo_match
from banking.models import Match
from firms.events import record_event
from firms.models import User
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import NOW, PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def invoice(db: None) -> PurchaseInvoice:
    return PurchaseInvoiceFactory.create()


@pytest.fixture
def person(invoice: PurchaseInvoice) -> User:
    return member_of(invoice.company)


def last(invoice: PurchaseInvoice) -> Happening:
    return history_of(events_of(invoice))[0]


def test_a_correction_is_told_in_the_words_of_the_page(invoice: PurchaseInvoice, person: User):
    changes = {"kind": Kind.RECEIPT, "due_on": date(2019, 10, 1), "is_paid": True, "reference": "FA1"}
    correct_invoice(invoice=invoice, by=person, at=NOW, changes=changes)
    assert (last(invoice).words, last(invoice).who) == ("Corrigée", str(person))
    assert sorted(last(invoice).changes) == [
        ("Dite payée", "non", "oui"),
        ("N° de facture", "—", "FA1"),
        ("Type", "Facture", "Ticket"),
        ("Échéance", "—", "01/10/2019"),
    ]


def test_the_account_of_a_line_is_told_with_its_line(invoice: PurchaseInvoice, person: User):
    account = invoice.company.accounts.get(code="60630000")
    lines = {invoice.lines.get().pk: {"account": account}}
    correct_invoice(invoice=invoice, by=person, at=NOW, lines=lines)
    assert last(invoice).changes == [("Compte, ligne 1", "62570000 Réceptions", str(account))]


def test_no_code_and_no_id_of_a_match_is_shown(invoice: PurchaseInvoice, person: User):
    account = BankAccountFactory.create(company=invoice.company)
    a_line(account)
    run(account)
    undo_match(match=Match.objects.get(), by=person)
    told = history_of(events_of(invoice))
    assert {"Rapprochée avec la banque", "Réglée", "Rapprochement défait"} <= {line.words for line in told}
    changes = [change for line in told for change in line.changes]
    assert changes == [("Règlement", "Non réglé", "Réglé")]


def test_what_a_later_version_wrote_breaks_no_page(invoice: PurchaseInvoice):
    changes = {"kind": ["x", None], "gross_amount": ["1743.54", "None"], "issued_on": ["n’importe", "2019-08-01"]}
    record_event(company=invoice.company, kind="purchase.unheard_of", subject_id=invoice.pk, changes=changes)
    assert last(invoice).words == "Modifiée"
    assert sorted(last(invoice).changes) == [
        ("Date", "—", "01/08/2019"),
        ("Total TTC", "1\u00a0743,54", "—"),
        ("Type", "—", "—"),
    ]

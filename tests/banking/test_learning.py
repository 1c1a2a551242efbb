from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from achats.models import MethodKind, Supplier, SupplierAlias
from banking.matches.by_hand import match_by_hand
from banking.matches.deciding import undo_match
from banking.matches.exporting import reasons_in_french
from banking.models import AliasKind, BankAccount, BankAlias, Match, MatchState
from firms.models import User
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.achats import PaymentMethodFactory, SupplierFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def person(account: BankAccount) -> User:
    return member_of(account.company)


def a_nickname(account: BankAccount, person: User, name: str = "Fournitures Nord", **fields: object) -> Match:
    """The bank calls the supplier by another name, and a person says so."""
    supplier = SupplierFactory.create(company=account.company, name=name)
    invoice = an_invoice(account, supplier=supplier)
    line = a_line(account, label="PRLV SEPA GROUPE ZEPHYR", **fields)
    return match_by_hand(
        company=account.company, invoice_ids=[invoice.pk], line_ids=[line.pk], by=person, at=timezone.now()
    )[0]


def next_month(account: BankAccount, name: str = "Fournitures Nord", **fields: object) -> int:
    """How many the machine matches by itself of another purchase and its line."""
    an_invoice(account, supplier=account.company.suppliers.get(name=name), gross_amount=Decimal("31.07"))
    a_line(account, amount=Decimal("-31.07"), **({"label": "PRLV SEPA GROUPE ZEPHYR"} | fields))
    return run(account).automatic


def test_a_name_that_was_confirmed_once_is_known_the_next_time(account: BankAccount, person: User) -> None:
    a_nickname(account, person)
    assert next_month(account) == 1
    said = reasons_in_french(Match.objects.get(state=MatchState.AUTO))
    assert "libellé déjà associé à Fournitures Nord" in said


def test_a_name_that_nobody_confirmed_is_not(account: BankAccount) -> None:
    SupplierFactory.create(company=account.company, name="Fournitures Nord")
    assert next_month(account) == 0


def test_a_sepa_creditor_is_known_under_any_words(account: BankAccount, person: User) -> None:
    a_nickname(account, person, creditor_identifier="FR47ZZZ123456")
    assert next_month(account, label="PRLV AUTRES MOTS", creditor_identifier="FR47ZZZ123456") == 1


def test_an_undone_match_unlearns_what_it_taught(account: BankAccount, person: User) -> None:
    match = a_nickname(account, person)
    assert BankAlias.objects.get().kind == AliasKind.LABEL
    undo_match(match=match, by=person)
    assert not BankAlias.objects.exists()


def test_words_that_were_confirmed_for_two_suppliers_mean_neither(account: BankAccount, person: User) -> None:
    a_nickname(account, person)
    a_nickname(account, person, name="Autre Maison", amount=Decimal("-12.01"))
    assert next_month(account) == 0


def test_a_refund_to_a_person_teaches_nothing_of_the_shop(account: BankAccount, person: User) -> None:
    method = PaymentMethodFactory.create(company=account.company, kind=MethodKind.PERSONAL, label="Perso (DUPUIS)")
    invoice = an_invoice(account, supplier=SupplierFactory.create(company=account.company), payment_method=method)
    line = a_line(account, label="VIR DUPUIS FRAIS")
    match_by_hand(company=account.company, invoice_ids=[invoice.pk], line_ids=[line.pk], by=person, at=timezone.now())
    assert not BankAlias.objects.exists()


def test_another_name_of_a_supplier_names_it_in_a_label(account: BankAccount) -> None:
    supplier = SupplierFactory.create(company=account.company, name="Fournitures Nord")
    SupplierAlias.objects.create(company=account.company, supplier=supplier, name="Zephyr", folded_name="zephyr")
    assert next_month(account) == 1
    assert "«\u00a0ZEPHYR\u00a0» dans le libellé" in reasons_in_french(Match.objects.get(state=MatchState.AUTO))


def a_month(account: BankAccount, supplier: Supplier, month: int, paid_on: date) -> None:
    an_invoice(account, supplier=supplier, issued_on=date(2019, month, 5), reference="")
    a_line(account, booked_on=paid_on, label="PRLV SEPA FOURNITURES DU NORD")


def test_a_document_without_its_line_leaves_the_next_months_line_once_the_series_is_known(account: BankAccount) -> None:
    supplier = SupplierFactory.create(company=account.company, name="Fournitures du Nord")
    a_month(account, supplier, 3, date(2019, 3, 7))
    assert run(account).automatic == 1
    a_month(account, supplier, 4, date(2019, 5, 7))
    assert run(account).automatic == 0
    assert Match.objects.filter(state=MatchState.SUGGESTED).count() == 1

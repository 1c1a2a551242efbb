from datetime import date
from decimal import Decimal

import pytest

from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable, correct_invoice
from achats.models import MethodKind, Origin, PurchaseInvoice, Source, Status
from firms.models import Event
from tests.factories.achats import NOW, PaymentMethodFactory, PurchaseInvoiceFactory, SupplierFactory
from tests.factories.firms import CompanyFactory, member_of
from tests.factories.ledger import AccountFactory


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def by(company):
    return member_of(company)


def test_an_account_given_makes_it_ready_and_is_remembered(company, by):
    invoice = PurchaseInvoiceFactory(company=company, account=None, source=Source.DEXT)
    line, account = invoice.lines.get(), company.accounts.get(code="62570000")
    corrected = correct_invoice(invoice=invoice, by=by, at=NOW, lines={line.pk: {"account": account}})
    line.refresh_from_db()
    assert (corrected.status, line.account, line.account_origin) == (Status.READY, account, Origin.HAND)
    event = Event.objects.get(kind="purchase.corrected")
    assert event.changes == {"lines.1.account": [None, str(account)]}
    assert (event.by, event.at) == (by, NOW)


def test_a_vat_code_chosen_by_hand_may_contradict_the_amount(company, by):
    invoice = PurchaseInvoiceFactory(company=company, source=Source.DEXT)
    line = invoice.lines.get()
    sans = company.vat_codes.get(code="SANS")
    corrected = correct_invoice(invoice=invoice, by=by, at=NOW, lines={line.pk: {"vat_code": sans}})
    assert [reason["code"] for reason in corrected.reasons] == ["vat_code_contradicts"]
    assert corrected.vat_amount == Decimal("2.00")
    assert Event.objects.filter(kind="purchase.not_ready", subject_id=invoice.pk).count() == 1


def test_words_dates_and_the_supplier_are_mended(company, by):
    supplier = SupplierFactory(company=company, name="Le bon")
    invoice = PurchaseInvoiceFactory(company=company, supplier_name="Le mauvais")
    changes = {"supplier": supplier, "due_on": date(2019, 12, 1), "note": "Café"}
    correct_invoice(invoice=invoice, by=by, at=NOW, changes=changes)
    invoice.refresh_from_db()
    assert (invoice.supplier, invoice.due_on, invoice.note) == (supplier, date(2019, 12, 1), "Café")
    assert invoice.supplier_name == "Le mauvais"
    assert Event.objects.get(kind="purchase.corrected").changes["due_on"] == [None, "2019-12-01"]
    assert " le bon" in invoice.search_text


def test_a_method_that_pays_in_cash_settles_it_off_bank(company, by):
    cash = PaymentMethodFactory(company=company, kind=MethodKind.CASH)
    invoice = PurchaseInvoiceFactory(company=company, is_paid=True)
    assert correct_invoice(invoice=invoice, by=by, at=NOW, changes={"payment_method": cash}).is_settled_off_bank


@pytest.mark.parametrize("field", ["gross_amount", "vat_amount", "net_amount", "currency"])
def test_what_dext_read_of_the_amounts_is_never_changed(company, by, field):
    invoice = PurchaseInvoiceFactory(company=company, source=Source.DEXT)
    with pytest.raises(FieldNotEditable, match="jamais recalculé"):
        correct_invoice(invoice=invoice, by=by, at=NOW, changes={field: Decimal(1)})
    with pytest.raises(FieldNotEditable, match="jamais recalculé"):
        correct_invoice(invoice=invoice, by=by, at=NOW, lines={invoice.lines.get().pk: {"vat_amount": Decimal(1)}})


def test_amounts_entered_by_hand_may_be(company, by):
    invoice = PurchaseInvoiceFactory(company=company, source=Source.HAND)
    assert correct_invoice(
        invoice=invoice, by=by, at=NOW, changes={"vat_amount": Decimal("1.50")}
    ).vat_amount == Decimal("1.50")


def test_the_total_of_a_matched_one_stays(company, by):
    invoice = PurchaseInvoiceFactory(company=company)
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(settled_cents=1200)
    with pytest.raises(FieldNotEditable, match="rapprochée"):
        correct_invoice(invoice=invoice, by=by, at=NOW, changes={"gross_amount": Decimal("13.00")})
    assert correct_invoice(invoice=invoice, by=by, at=NOW, changes={"note": "vue"}).note == "vue"


@pytest.mark.parametrize("status", [Status.POSTED, Status.CANCELLED])
def test_a_posted_or_cancelled_one_is_not_editable(company, by, status):
    invoice = PurchaseInvoiceFactory(company=company)
    moment = {"cancelled_at": NOW, "cancelled_by": by} if status == Status.CANCELLED else {}
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(status=status, **moment)
    with pytest.raises(InvoiceNotEditable):
        correct_invoice(invoice=invoice, by=by, at=NOW, changes={"note": "x"})


def test_rows_of_another_company_are_never_named(company, by):
    invoice = PurchaseInvoiceFactory(company=company)
    with pytest.raises(ValueError, match="another company"):
        correct_invoice(invoice=invoice, by=by, at=NOW, changes={"supplier": SupplierFactory()})
    with pytest.raises(ValueError, match="another company"):
        correct_invoice(invoice=invoice, by=by, at=NOW, lines={invoice.lines.get().pk: {"account": AccountFactory()}})


def test_a_line_of_another_purchase_is_never_changed(company, by):
    invoice, other = PurchaseInvoiceFactory(company=company), PurchaseInvoiceFactory(company=company)
    with pytest.raises(ValueError, match="unknown"):
        correct_invoice(invoice=invoice, by=by, at=NOW, lines={other.lines.get().pk: {"label": "x"}})


def test_an_unknown_field_is_refused(company, by):
    with pytest.raises(ValueError, match="settled_cents"):
        correct_invoice(invoice=PurchaseInvoiceFactory(company=company), by=by, at=NOW, changes={"settled_cents": 1})


def test_nothing_changed_leaves_no_trace(company, by):
    invoice = PurchaseInvoiceFactory(company=company, note="a")
    correct_invoice(invoice=invoice, by=by, at=NOW, changes={"note": "a"})
    assert not Event.objects.filter(kind="purchase.corrected").exists()


def test_the_total_in_the_books_of_a_matched_one_is_given_once(company, by):
    invoice = PurchaseInvoiceFactory.create(company=company, currency="USD")
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(settled_cents=1)
    given = {"base_currency": "EUR", "base_gross_amount": Decimal(5)}
    correct_invoice(invoice=invoice, by=by, at=NOW, changes=given)
    with pytest.raises(FieldNotEditable, match="défaites d’abord le rapprochement"):
        correct_invoice(invoice=invoice, by=by, at=NOW, changes={"base_gross_amount": Decimal(6)})

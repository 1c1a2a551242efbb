import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import correct_invoice
from achats.models import InvoiceLine, Kind, MethodKind, Origin, PurchaseInvoice, Settlement, Status
from achats.recording import AlreadyRecorded, record_invoice
from firms.models import Event
from tests.factories.achats import NOW, DocumentFactory, PaymentMethodFactory, PurchaseInvoiceFactory, draft, line
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db):
    return CompanyFactory()


def kinds(invoice):
    return list(Event.objects.filter(subject_id=invoice.pk).order_by("id").values_list("kind", flat=True))


def test_a_purchase_is_stored_as_received_and_ready(company):
    invoice = PurchaseInvoiceFactory(company=company, reference="FA-0068", note="Café", external_id="d1", source="dext")
    invoice.refresh_from_db()
    assert (invoice.gross_amount, invoice.vat_amount, invoice.net_amount) == (Decimal("12.00"), Decimal("2.00"), None)
    assert invoice.supplier.name == invoice.supplier_name == "Fournitures du Nord"
    assert (invoice.status, invoice.reasons) == (Status.READY, [])
    assert kinds(invoice) == ["purchase.received"]


def test_a_purchase_without_lines_bears_one_of_the_whole(company):
    invoice = record_invoice(company=company, draft=draft(net_amount=Decimal("10.00")), by=None, at=NOW)
    (only,) = invoice.lines.all()
    assert (only.gross_amount, only.vat_amount, only.net_amount) == (
        Decimal("12.00"),
        Decimal("2.00"),
        Decimal("10.00"),
    )


def test_lines_keep_their_order_and_their_origin(company):
    account = company.accounts.get(code="62570000")
    lines = (line("7.00", label="a"), line("5.00", label="b", account=account, account_origin=Origin.RULE))
    invoice = record_invoice(company=company, draft=draft(lines=lines), by=None, at=NOW)
    assert list(invoice.lines.values_list("position", "label", "account_origin")) == [(1, "a", ""), (2, "b", "rule")]


def test_a_purchase_that_is_not_ready_says_so_to_those_above(company):
    invoice = PurchaseInvoiceFactory(company=company, account=None, source="dext")
    assert invoice.status == Status.NOT_READY
    assert [reason["badge"] for reason in invoice.reasons] == ["Compte"]
    assert kinds(invoice) == ["purchase.received", "purchase.not_ready"]


def test_who_received_it_and_when_are_kept(company):
    user = member_of(company)
    invoice = PurchaseInvoiceFactory(company=company, by=user)
    event = Event.objects.get(subject_id=invoice.pk)
    assert (invoice.created_by, event.by, event.at) == (user, user, NOW)


def test_the_same_external_id_twice_names_the_first(company):
    first = PurchaseInvoiceFactory(company=company, source="dext", external_id="d1")
    with pytest.raises(AlreadyRecorded) as refusal:
        PurchaseInvoiceFactory(company=company, source="dext", external_id="d1", supplier_name="Autre")
    assert refusal.value.existing == first
    assert PurchaseInvoice.objects.count() == 1


def test_another_company_may_bear_the_same_external_id(company):
    PurchaseInvoiceFactory(company=company, source="dext", external_id="d1")
    assert PurchaseInvoiceFactory(source="dext", external_id="d1").generation == 1


def test_a_cancelled_one_may_be_published_again_as_the_next_generation(company):
    first = PurchaseInvoiceFactory(company=company, source="dext", external_id="d1")
    cancel_invoice(invoice=first, by=member_of(company), reason="Erreur", at=NOW)
    second = PurchaseInvoiceFactory(company=company, source="dext", external_id="d1")
    assert (second.generation, second.status) == (2, Status.READY)


@pytest.mark.django_db(transaction=True)
def test_the_same_item_eight_times_at_once_is_recorded_once():
    company, start, fates = CompanyFactory(), threading.Barrier(8), []

    def publish() -> None:
        try:
            start.wait()
            sent = draft(source="dext", external_id="d1")
            fates.append(record_invoice(company=company, draft=sent, by=None, at=NOW).pk)
        except AlreadyRecorded as refusal:
            fates.append(refusal.existing.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fates) == 8
    assert set(fates) == {PurchaseInvoice.objects.get(company=company).pk}
    assert InvoiceLine.objects.filter(company=company).count() == 1


@pytest.mark.parametrize("kind", [MethodKind.CASH, MethodKind.PERSONAL])
def test_paid_in_cash_or_by_a_person_is_settled_off_bank(company, kind):
    method = PaymentMethodFactory(company=company, kind=kind)
    invoice = PurchaseInvoiceFactory(company=company, payment_method=method, is_paid=True)
    assert (invoice.is_settled_off_bank, invoice.settlement) == (True, Settlement.SETTLED)
    assert not PurchaseInvoice.objects.unsettled().exists()


def test_paid_by_card_still_awaits_the_bank(company):
    method = PaymentMethodFactory(company=company, kind=MethodKind.CARD)
    invoice = PurchaseInvoiceFactory(company=company, payment_method=method, is_paid=True)
    assert (invoice.is_settled_off_bank, invoice.settlement) == (False, Settlement.UNSETTLED)


def test_documents_come_with_their_order(company):
    pieces = [DocumentFactory(company=company), DocumentFactory(company=company)]
    invoice = PurchaseInvoiceFactory(company=company, documents=pieces)
    assert [joined.document for joined in invoice.attachments.all()] == pieces
    assert invoice.warnings == []


def test_a_document_of_another_company_is_never_joined(company):
    with pytest.raises(ValueError, match="another company"):
        PurchaseInvoiceFactory(company=company, documents=[DocumentFactory()])


def test_nothing_stays_of_a_purchase_that_fails(company):
    with pytest.raises(ValueError, match="another company"):
        PurchaseInvoiceFactory(company=company, documents=[DocumentFactory()])
    assert not company.purchase_invoices.exists()
    assert not company.suppliers.exists()
    assert not Event.objects.filter(company=company, kind__startswith="purchase").exists()


cents = st.integers(min_value=0, max_value=10**9).map(lambda amount: Decimal(amount).scaleb(-2))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gross=cents, share=st.integers(0, 100), kind=st.sampled_from(Kind.values), code=st.integers(0, 11))
def test_what_was_received_is_what_is_kept_to_the_cent(company, gross, share, kind, code):
    """Whatever the VAT code, its origin, and what a person mends afterwards."""
    vat = (gross * share / 100).quantize(Decimal("0.01"))
    codes = list(company.vat_codes.order_by("code"))
    vat_code = codes[code % len(codes)]
    whole = line(f"{gross:f}", vat_amount=vat, vat_code=vat_code, vat_code_origin=Origin.MARKER)
    sent = draft(kind=kind, gross_amount=gross, vat_amount=vat, lines=(whole,), source="dext")
    invoice = record_invoice(company=company, draft=sent, by=None, at=NOW)
    (only,) = invoice.lines.all()
    by = member_of(company)
    changes = {"note": "revue", "due_on": date(2019, 12, 31)}
    correct_invoice(invoice=invoice, by=by, at=NOW, changes=changes, lines={only.pk: {"vat_code": codes[0]}})
    stored = PurchaseInvoice.objects.get(pk=invoice.pk)
    (only,) = stored.lines.all()
    assert (stored.gross_amount, stored.vat_amount) == (gross, vat) == (only.gross_amount, only.vat_amount)


def test_vat_that_was_not_extracted_is_not_zero(company):
    none = PurchaseInvoiceFactory(company=company, vat_amount=None)
    zero = PurchaseInvoiceFactory(company=company, vat_amount=Decimal("0.00"))
    none.refresh_from_db()
    zero.refresh_from_db()
    assert (none.vat_amount, zero.vat_amount) == (None, Decimal(0))


def test_the_moment_is_that_of_the_caller_not_of_the_clock(company):
    moment = timezone.now() - timedelta(days=3)
    invoice = PurchaseInvoiceFactory(company=company, at=moment)
    assert Event.objects.get(subject_id=invoice.pk).at == moment

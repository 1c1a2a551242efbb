import threading
from decimal import Decimal

import pytest
from django.db import connections

from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import correct_invoice
from achats.models import Kind, PurchaseInvoice, Status
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def first(company):
    return PurchaseInvoiceFactory(company=company, reference="FA-0068")


@pytest.mark.parametrize("reference", ["FA-0068", "fa 0068", "FA0068"])
def test_the_same_supplier_number_and_total_is_suspected(company, first, reference):
    second = PurchaseInvoiceFactory(company=company, reference=reference)
    assert (second.duplicate_of, second.status) == (first, Status.NOT_READY)
    (reason,) = second.reasons
    assert reason == {
        "code": "suspected_duplicate",
        "message": "Même fournisseur, même numéro, même total que la facture du 25/09/2019.",
        "badge": "Doublon possible",
    }


@pytest.mark.parametrize(
    "other",
    [
        {"reference": "FA-0069"},
        {"reference": "FA-0068", "gross_amount": Decimal("12.01")},
        {"reference": "FA-0068", "supplier_name": "Autre"},
        {"reference": "FA-0068", "kind": Kind.CREDIT_NOTE},
        {"reference": ""},
    ],
)
def test_another_number_total_supplier_or_sense_is_another_purchase(company, first, other):
    assert PurchaseInvoiceFactory(company=company, **other).duplicate_of is None


def test_two_without_number_are_not_suspected(company):
    PurchaseInvoiceFactory(company=company)
    assert PurchaseInvoiceFactory(company=company).status == Status.READY


def test_the_same_file_is_suspected_whatever_else_differs(company):
    piece = DocumentFactory(company=company)
    first = PurchaseInvoiceFactory(company=company, documents=[piece])
    second = PurchaseInvoiceFactory(company=company, supplier_name="Autre", documents=[piece])
    assert second.duplicate_of == first
    assert second.reasons[0]["message"] == "Même fichier que la facture du 25/09/2019."


def test_a_duplicate_that_is_allowed_is_ready(company, first):
    assert PurchaseInvoiceFactory(company=company, reference="FA-0068", allow_duplicate=True).status == Status.READY


def test_two_that_a_person_keeps_are_no_more_told_together(company, first):
    second, by = PurchaseInvoiceFactory(company=company, reference="FA-0068"), member_of(company)
    kept = correct_invoice(invoice=second, by=by, at=NOW, changes={"is_duplicate_allowed": True})
    assert (kept.status, kept.duplicate_of) == (Status.READY, None)
    assert correct_invoice(invoice=first, by=by, at=NOW, changes={"note": "vue"}).status == Status.READY


def test_only_the_second_is_held_even_when_the_first_is_looked_at_again(company, first):
    PurchaseInvoiceFactory(company=company, reference="FA-0068")
    again = correct_invoice(invoice=first, by=member_of(company), at=NOW, changes={"note": "vue"})
    assert again.status == Status.READY


def test_the_second_is_free_once_the_first_is_cancelled(company, first):
    second = PurchaseInvoiceFactory(company=company, reference="FA-0068")
    cancel_invoice(invoice=first, by=member_of(company), reason="Doublon", at=NOW)
    second.refresh_from_db()
    assert (second.duplicate_of, second.status, second.reasons) == (None, Status.READY, [])


def test_a_purchase_of_another_company_is_no_duplicate(first):
    assert PurchaseInvoiceFactory(reference="FA-0068").duplicate_of is None


@pytest.mark.django_db(transaction=True)
def test_of_six_that_arrive_at_once_one_alone_is_ready():
    company, start = CompanyFactory(), threading.Barrier(6)

    def publish(number: int) -> None:
        try:
            start.wait()
            PurchaseInvoiceFactory(company=company, reference="FA-0068", external_id=f"d{number}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = PurchaseInvoice.objects.filter(company=company).values_list("status", flat=True)
    assert sorted(statuses) == [Status.NOT_READY] * 5 + [Status.READY]

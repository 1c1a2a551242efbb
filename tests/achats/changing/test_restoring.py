"""What was cancelled, merged or kept is taken back."""

import pytest
from django.test import Client
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import correct_invoice
from achats.changing.restoring import CannotRestore, restore_invoice, undo_decision
from achats.documents.attaching import attach_document
from achats.models import PurchaseInvoice, Source, Status
from firms.models import Company, Event, Role, User
from tests.achats.test_pages_duplicates import a_pair, decide, page, status
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def by(company: Company) -> User:
    return member_of(company)


def stands_again(first: PurchaseInvoice, second: PurchaseInvoice) -> bool:
    second.refresh_from_db()
    first.refresh_from_db()
    return second.duplicate_of_id == first.pk and first.duplicate_of_id is None and second.status == Status.NOT_READY


@pytest.mark.parametrize("deed", ["garder", "annuler-a", "annuler-b", "fusionner"])
def test_each_decision_is_taken_back_and_the_pair_is_looked_at_again(reader: Client, company: Company, deed: str):
    first, second = a_pair(company)
    place = decide(reader, (first, second), deed)["Location"]
    html = page(reader, company, "?" + place.partition("?")[2])
    undo = reverse("achats:undo_duplicate", args=[company.pk, first.pk, second.pk])
    assert undo in html
    assert reader.post(undo)["Location"].endswith(f"?paire={second.pk}")
    assert stands_again(first, second)
    assert undo not in page(reader, company, "?" + place.partition("?")[2])
    assert "déjà annulée" in reader.post(undo, follow=True).content.decode()


def test_a_merge_gives_back_what_it_took(company: Company, by: User, reader: Client):
    first, second = a_pair(company)
    mine = DocumentFactory.create(company=company)
    first.attachments.create(company=company, document=mine, position=1)
    theirs = DocumentFactory.create(company=company)
    attach_document(invoice=second, document=theirs, by=by, at=NOW)
    for row, note in ((first, "à moi"), (second, "à lui")):
        correct_invoice(invoice=row, by=by, at=NOW, changes={"note": note})
    decide(reader, (first, second), "fusionner")
    assert {row.document_id for row in first.attachments.all()} == {mine.pk, theirs.pk}
    undo_decision(first=first, second=second, by=by, at=NOW)
    first.refresh_from_db()
    assert [row.document_id for row in first.attachments.all()] == [mine.pk]
    assert first.note == "à moi"
    assert second.attachments.get().document_id == theirs.pk


def test_a_note_that_was_changed_since_stays(company: Company, by: User, reader: Client):
    first, second = a_pair(company)
    correct_invoice(invoice=second, by=by, at=NOW, changes={"note": "à lui"})
    decide(reader, (first, second), "fusionner")
    correct_invoice(invoice=first, by=by, at=NOW, changes={"note": "à lui, vu"})
    undo_decision(first=first, second=second, by=by, at=NOW)
    first.refresh_from_db()
    assert first.note == "à lui, vu"


def test_a_cancelled_purchase_is_restored_from_its_page_and_its_history_says_so(reader: Client, company: Company):
    row = PurchaseInvoiceFactory.create(company=company)
    cancel_invoice(invoice=row, by=member_of(company), reason="Erreur", at=NOW)
    detail = reverse("achats:detail", args=[company.pk, row.pk])
    restore = reverse("achats:restore", args=[company.pk, row.pk])
    assert restore in reader.get(detail).content.decode()
    assert "Rétablie\u00a0: " in reader.post(restore, follow=True).content.decode()
    assert status(row) == Status.READY
    assert (row.cancelled_at, row.cancelled_by, row.cancellation_reason) == (None, None, "")
    assert Event.objects.filter(subject_id=row.pk, kind="purchase.restored").count() == 1
    assert "n’est pas annulée" in reader.post(restore, follow=True).content.decode()


def test_what_came_again_under_the_same_reference_is_not_doubled(company: Company, by: User):
    named = {"company": company, "source": Source.DEXT, "external_id": "88213"}
    gone = PurchaseInvoiceFactory.create(**named)
    cancel_invoice(invoice=gone, by=by, reason="", at=NOW)
    PurchaseInvoiceFactory.create(**named)
    with pytest.raises(CannotRestore, match="même référence"):
        restore_invoice(invoice=gone, by=by, at=NOW)
    assert status(gone) == Status.CANCELLED


def test_a_reader_and_another_company_take_nothing_back(client: Client, company: Company):
    first, second = a_pair(company)
    cancel_invoice(invoice=second, by=member_of(company), reason="", at=NOW)
    client.force_login(member_of(company, Role.READER))
    addresses = [
        reverse("achats:undo_duplicate", args=[company.pk, first.pk, second.pk]),
        reverse("achats:restore", args=[company.pk, second.pk]),
    ]
    assert [client.post(address).status_code for address in addresses] == [403, 403]
    other = CompanyFactory.create()
    client.force_login(member_of(other))
    theirs = reverse("achats:restore", args=[other.pk, second.pk])
    assert client.post(theirs).status_code == 404
    assert status(second) == Status.CANCELLED

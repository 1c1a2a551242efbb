from datetime import timedelta

import pytest
from django.utils import timezone

from achats.documents import rendering
from achats.documents.rendering import never_rendered, render
from achats.documents.storing import page_path, pages_folder, path_of
from achats.models import Document
from achats.tasks import render_document
from meg.embedded.processes import wait_until
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory, pdf
from tests.factories.firms import CompanyFactory


@pytest.fixture
def company(db):
    return CompanyFactory()


def test_the_pages_stand_beside_the_bytes(company):
    document = DocumentFactory(company=company, data=pdf(pages=2))
    assert render(document_id=document.pk, at=NOW).page_count == 2
    assert page_path(document.sha256, 2).read_bytes()[8:12] == b"WEBP"
    assert sorted(path.name for path in pages_folder(document.sha256).iterdir()) == ["1.webp", "2.webp"]


def test_it_may_run_twice(company):
    document = DocumentFactory(company=company)
    for _ in range(2):
        render_document(document_id=str(document.pk))
    document.refresh_from_db()
    assert (document.page_count, document.rendering_error) == (1, "")


def test_a_document_that_is_no_more_is_passed_over(company):
    document = DocumentFactory(company=company)
    Document.objects.all().delete()
    assert render(document_id=document.pk, at=NOW) is None


def test_an_unreadable_document_only_warns_of_its_purchase(company):
    piece = DocumentFactory(company=company, data=b"%PDF-1.7 nothing", filename="facture.pdf")
    invoice = PurchaseInvoiceFactory(company=company, documents=[piece])
    render(document_id=piece.pk, at=NOW)
    invoice.refresh_from_db()
    (warning,) = invoice.warnings
    assert (invoice.status, warning["code"], warning["badge"]) == ("ready", "document_unreadable", "Pièce")
    assert warning["message"].endswith("ne s’affiche pas\u00a0: le fichier est endommagé ou illisible.")


def test_a_document_whose_file_is_lost_says_so(company):
    document = DocumentFactory(company=company)
    path_of(document.sha256).unlink()
    assert "manque sur le disque" in render(document_id=document.pk, at=NOW).rendering_error


def test_a_file_that_takes_too_long_takes_nobody_with_it(company, monkeypatch):
    monkeypatch.setattr(rendering, "PATIENCE_SECONDS", 0.01)
    document = DocumentFactory(company=company)
    assert "trop long" in render(document_id=document.pk, at=NOW).rendering_error


def test_the_sweep_finds_what_a_lost_message_left(company):
    waiting, fresh, read, unreadable = (DocumentFactory(company=company) for _ in range(4))
    now = timezone.now()
    Document.objects.exclude(pk=fresh.pk).update(created_at=now - timedelta(minutes=5))
    Document.objects.filter(pk=read.pk).update(page_count=1)
    Document.objects.filter(pk=unreadable.pk).update(rendering_error="le fichier est endommagé.")
    assert never_rendered(at=now) == [waiting.pk]


def test_the_worker_renders_what_was_committed(celery_worker_process):
    document = DocumentFactory()
    assert wait_until(lambda: Document.objects.get(pk=document.pk).page_count == 1, seconds=30)
    assert page_path(document.sha256, 1).exists()

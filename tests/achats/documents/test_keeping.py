import hashlib

import pytest

from achats.documents import keeping as documents
from achats.documents import storing
from achats.documents.keeping import FileTooLarge, UnknownFileType, check_document, store_document
from achats.documents.storing import keep_bytes, path_of
from achats.models import Document
from achats.tasks import render_document
from tests.factories.achats import DocumentFactory, pdf, photo
from tests.factories.firms import CompanyFactory


@pytest.fixture
def company(db):
    return CompanyFactory()


def test_the_bytes_stand_by_their_content(company):
    data = photo()
    document = store_document(company=company, data=data, filename="ticket.png")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert path_of(document.sha256).read_bytes() == data
    assert path_of(document.sha256).parent.name == document.sha256[:2]
    assert (document.media_type, document.size, document.page_count) == ("image/png", len(data), None)


def test_the_same_content_twice_is_one_row(company):
    data = photo()
    first = store_document(company=company, data=data, filename="a.png")
    assert store_document(company=company, data=data, filename="b.png") == first
    assert store_document(company=CompanyFactory(), data=data, filename="a.png") != first


def test_its_pages_are_asked_for_once_it_is_committed(company, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        document = DocumentFactory(company=company)
    assert len(callbacks) == 1
    assert callbacks[0].keywords == {"document_id": str(document.pk)}
    Document.objects.update(page_count=1)
    with django_capture_on_commit_callbacks() as callbacks:
        store_document(company=company, data=path_of(document.sha256).read_bytes(), filename="")
    assert callbacks == []
    assert render_document.name == "achats.tasks.render_document"


def test_the_name_does_not_decide(company):
    assert check_document(data=pdf(), filename="photo.jpg") == "application/pdf"
    with pytest.raises(UnknownFileType, match=r"facture\.pdf"):
        check_document(data=b"<html>", filename="facture.pdf")


def test_twenty_mebibytes_pass_and_one_byte_more_does_not(company):
    data = b"%PDF-1.7" + b"\x00" * (documents.MAX_BYTES - 8)
    assert check_document(data=data, filename="a.pdf") == "application/pdf"
    with pytest.raises(FileTooLarge, match="20 Mo au plus"):
        check_document(data=data + b"\x00", filename="a.pdf")


def test_a_refused_file_leaves_nothing(company):
    with pytest.raises(UnknownFileType):
        store_document(company=company, data=b"<html>", filename="x.pdf")
    assert not Document.objects.exists()
    assert not path_of(hashlib.sha256(b"<html>").hexdigest()).exists()


def test_no_row_without_its_file_where_the_disk_refuses(company, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    data = photo()
    monkeypatch.setattr(storing.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        store_document(company=company, data=data, filename="a.png")
    assert not Document.objects.exists()
    folder = path_of(hashlib.sha256(data).hexdigest()).parent
    assert not [left for left in folder.iterdir() if left.name.startswith(".new-")]


def test_a_half_written_file_is_written_again(company):
    data = photo()
    path = path_of(hashlib.sha256(data).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[:10])
    keep_bytes(path.name, data)
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\Tickets\\a.png", "a.png"), ("a\r\nb\x00.png", "ab.png"), ("", "piece.png")],
)
def test_a_name_is_only_a_name(company, given, kept):
    assert store_document(company=company, data=photo(), filename=given).filename == kept


def test_a_long_name_keeps_its_extension(company):
    name = store_document(company=company, data=photo(), filename="é" * 300 + ".png").filename
    assert (len(name), name[-4:]) == (200, ".png")

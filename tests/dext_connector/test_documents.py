"""The image of an item, alone: late or again, without touching the entry."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from achats.documents.rendering import render
from achats.documents.storing import path_of
from achats.models import Document, PurchaseInvoice, Status
from dext_connector.calls import parsers
from firms.models import Event, Role
from tests.dext_connector.conftest import calling, item
from tests.factories.achats import NOW, pdf, photo
from tests.factories.firms import CompanyFactory, member_of

ADDRESS = "items/RB-88213/document/"
NAMED = {"Content-Disposition": 'attachment; filename="ticket.png"'}


def send(dext, data: bytes, *, content_type: str = "image/png", headers: dict | None = None):
    return dext.call("post", dext.on_company(ADDRESS), data, content_type=content_type, headers=headers)


def send_part(dext, **parts):
    return dext.call("post", dext.on_company(ADDRESS), data=parts)


@pytest.fixture
def invoice(dext) -> PurchaseInvoice:
    assert "document_missing" in codes(dext.publish(item(payment_method=None)))
    return PurchaseInvoice.objects.get()


def codes(answer) -> list[str]:
    return [warning["code"] for warning in answer.json()["warnings"]]


def test_a_late_image_joins_its_item_and_its_warning_goes(dext, invoice):
    image = photo()
    answer = send(dext, image, headers=NAMED)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["document"] | {"id": ""} == {
        "id": "",
        "filename": "ticket.png",
        "media_type": "image/png",
        "size": len(image),
        "sha256": Document.objects.get().sha256,
    }
    assert codes(answer) == []
    assert answer.json() == dext.get(dext.on_company("items/RB-88213/")).json()
    assert path_of(Document.objects.get().sha256).read_bytes() == image
    assert Event.objects.get(kind="purchase.document_attached").by == dext.user


def test_the_page_shows_a_late_image(dext, invoice, client):
    client.force_login(dext.user)
    address = f"/dossiers/{invoice.company_id}/achats/{invoice.pk}/"
    assert "Aucune pièce n’est jointe" in client.get(address).content.decode()
    send(dext, photo(), headers=NAMED)
    page = client.get(address).content.decode()
    assert "Aucune pièce n’est jointe" not in page
    assert "ticket.png" in page


def test_the_image_may_come_as_a_part(dext, invoice):
    answer = send_part(dext, document=SimpleUploadedFile("facture.pdf", pdf(), "application/pdf"))
    assert (answer.status_code, answer.json()["document"]["filename"]) == (201, "facture.pdf")


def test_the_same_file_twice_is_one_and_another_joins_it(dext, invoice):
    image = photo()
    assert [send(dext, image).status_code for _ in range(2)] == [201, 200]
    assert send_part(dext, document=SimpleUploadedFile("autre nom.png", image)).status_code == 200
    assert Event.objects.filter(kind="purchase.document_attached").count() == 1
    assert send(dext, photo()).status_code == 201
    assert invoice.attachments.count() == 2


def test_a_file_without_a_name_is_given_one(dext, invoice):
    assert send(dext, photo()).json()["document"]["filename"] == "piece.png"


@pytest.mark.parametrize(
    "become", [{"status": Status.POSTED, "reasons": []}, {"settled_cents": 485, "settlement": "settled"}]
)
def test_an_image_may_come_after_posting_and_matching_and_touches_nothing_else(dext, invoice, become):
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(**become)
    seen = "status", "settlement", "settled_cents", "gross_amount", "vat_amount", "reasons"
    before, lines = PurchaseInvoice.objects.values(*seen).get(), list(invoice.lines.values())
    assert send(dext, photo()).status_code == 201
    assert PurchaseInvoice.objects.values(*seen).get() == before
    assert list(invoice.lines.values()) == lines


def test_a_cancelled_item_takes_no_image(dext, invoice):
    dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": "Erreur"})
    answer = send(dext, photo())
    assert (answer.status_code, answer.json()["code"]) == (409, "not_editable")
    assert not Document.objects.exists()


@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "application/json", ""])
def test_a_file_is_known_by_its_content(dext, invoice, content_type):
    assert send(dext, photo(), content_type=content_type).json()["document"]["media_type"] == "image/png"
    answer = send(dext, b"MZ not a pdf", content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_file")
    assert invoice.attachments.count() == 1


def test_a_file_over_twenty_mebibytes_is_refused(dext, invoice):
    large = pdf() + bytes(parsers.MAX_FILE_BYTES)
    for answer in (send(dext, large), send_part(dext, document=SimpleUploadedFile("f.pdf", large))):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not Document.objects.exists()


def test_a_call_without_a_file_is_malformed(dext, invoice):
    for answer in (send(dext, b""), send_part(dext, other="1"), send_part(dext, document="not a file")):
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_an_item_that_is_not_ours_takes_no_image(dext, invoice):
    stranger = calling(member_of(CompanyFactory()), invoice.company)
    assert send(stranger, photo()).status_code == 404
    assert send(calling(member_of(invoice.company, Role.READER), invoice.company), photo()).status_code == 403
    assert dext.call("post", dext.on_company("items/RB-9/document/"), photo(), content_type="a/b").status_code == 404


def test_an_image_that_cannot_be_shown_is_told_and_another_may_be_sent(dext, invoice):
    assert send(dext, b"%PDF-1.7 torn").status_code == 201
    render(document_id=Document.objects.get().pk, at=NOW)
    assert codes(dext.get(dext.on_company("items/RB-88213/"))) == ["document_unreadable"]
    assert send(dext, pdf()).status_code == 201
    assert invoice.attachments.count() == 2

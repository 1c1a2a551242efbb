"""`document_url`: a document that comes after its item, from a real server on the loopback."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from achats.documents.attaching import attach_document
from achats.models import Document, PurchaseInvoice
from dext_connector.items.document_fetching import due_fetches, try_fetch
from dext_connector.models import DocumentFetch
from tests.dext_connector.conftest import item
from tests.factories.achats import DocumentFactory, pdf
from tests.receiver import receiving


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


def publish(dext, url: str, **fields) -> dict:
    answer = dext.publish(item(document_url=url, payment_method=None, **fields))
    assert answer.status_code == 201, answer.content
    return answer.json()


def codes(answer: dict) -> list[str]:
    return [warning["code"] for warning in answer["warnings"]]


def stands(dext) -> dict:
    return dext.get(dext.on_company("items/RB-88213/")).json()


def try_all(at: datetime | None = None) -> None:
    at = at or timezone.now()
    for pk in list(due_fetches(at=at)):
        try_fetch(fetch_id=pk, at=at)


def walk_to_the_end() -> list[datetime]:
    """The moments of all tries."""
    tries = []
    while row := DocumentFetch.objects.filter(state="waiting").first():
        assert row.next_attempt_at
        tries.append(row.next_attempt_at)
        try_all(row.next_attempt_at)
    return tries


def test_until_it_arrives_the_item_says_so_and_its_document_is_null(dext, receiver):
    answer = publish(dext, f"{receiver.url}/ticket.pdf")
    assert answer["document"] is None
    assert answer["warnings"] == [
        {"code": "document_pending", "message": "Le document est en cours de téléchargement."}
    ]
    assert answer["status"] == "ready"
    assert receiver.calls == []


def test_it_arrives_and_is_joined_like_an_upload(dext, receiver):
    publish(dext, f"{receiver.url}/tickets/ticket.pdf?signature=x")
    content = pdf()
    receiver.says(200, content)
    try_all()
    answer = stands(dext)
    assert (answer["document"]["filename"], answer["document"]["size"]) == ("ticket.pdf", len(content))
    assert answer["document"]["media_type"] == "application/pdf"
    assert answer["warnings"] == []
    row, invoice = DocumentFetch.objects.get(), PurchaseInvoice.objects.get()
    assert (row.state, row.attempts, row.error, row.next_attempt_at) == ("fetched", 1, "", None)
    assert (invoice.is_document_awaited, invoice.document_error) == (False, "")
    try_all()
    assert len(receiver.calls) == 1


def test_the_same_file_as_another_items_is_a_suspected_duplicate_once_it_is_known(dext, receiver):
    receiver.says(200, pdf())
    publish(dext, f"{receiver.url}/1.pdf")
    publish(
        dext, f"{receiver.url}/2.pdf", external_id="RB-2", supplier={"name": "EDF"}, total="9.00", vat_amount="1.00"
    )
    try_all()
    assert Document.objects.count() == 1
    reasons = [code["code"] for row in PurchaseInvoice.objects.all() for code in row.reasons]
    assert reasons == ["suspected_duplicate"]


def test_a_server_that_is_down_is_tried_six_times_in_a_day_then_a_person_is_told_what_to_do(dext, receiver):
    publish(dext, f"{receiver.url}/ticket.pdf")
    receiver.says(404)
    tries = walk_to_the_end()
    assert len(receiver.calls) == len(tries) == 6
    assert tries[-1] - tries[0] == timedelta(hours=24)
    assert stands(dext)["warnings"] == [
        {
            "code": "document_unreachable",
            "message": "Le document n’a pas pu être téléchargé (le serveur a répondu 404)."
            " Joignez le fichier à la facture, ou envoyez-le à nouveau depuis Dext.",
        }
    ]
    assert DocumentFetch.objects.get().error == "le serveur a répondu 404"


def test_between_tries_it_is_still_awaited(dext, receiver):
    publish(dext, f"{receiver.url}/ticket.pdf")
    receiver.says(503)
    try_all()
    assert codes(stands(dext)) == ["document_pending"]
    assert not due_fetches(at=timezone.now() + timedelta(seconds=50)).exists()
    receiver.says(200, pdf())
    try_all(timezone.now() + timedelta(minutes=2))
    assert stands(dext)["document"] is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<html>Connectez-vous</html>", "n’est pas lisible par MEG"), (b"x" * (20 * 1024 * 1024 + 1), "dépasse 20")],
    ids=["type", "size"],
)
def test_what_no_upload_may_be_is_given_up_at_once(dext, receiver, content, words):
    publish(dext, f"{receiver.url}/ticket.pdf")
    receiver.says(200, content)
    try_all()
    assert DocumentFetch.objects.get().state == "failed"
    (warning,) = stands(dext)["warnings"]
    assert warning["code"] == "document_unreachable"
    assert words in warning["message"].replace("\u00a0", " ")


def test_a_redirect_that_leads_inside_is_given_up_at_once(dext, receiver):
    publish(dext, f"{receiver.url}/ticket.pdf")
    receiver.says(302, Location="http://169.254.169.254/latest/meta-data/")
    try_all()
    assert DocumentFetch.objects.get().state == "failed"


@pytest.mark.parametrize(
    "url", ["http://files.dext.example/x.pdf", "https://10.0.0.1/x", "https://0x7f.1/x", "ftp://dext.com/x", "x"]
)
def test_an_address_that_meg_does_not_call_is_refused_in_words(dext, url):
    answer = dext.publish(item(document_url=url))
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["pointer"], fault["value"]) == ("address_refused", "/document_url", url)
    assert fault["message"].startswith("Adresse du document\u00a0: l’adresse")


def test_a_file_that_came_along_makes_the_address_useless(dext):
    parts = {
        "item": json.dumps(item(document_url="https://files.dext.example/x.pdf")),
        "document": SimpleUploadedFile("ticket.pdf", pdf(), "application/pdf"),
    }
    answer = dext.client.post(
        f"/api/dext/v1/{dext.on_company('publish/')}", parts, headers={"Authorization": f"Bearer {dext.token}"}
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["document"]["filename"] == "ticket.pdf"
    assert not DocumentFetch.objects.exists()


def test_a_dry_run_or_a_replay_fetches_nothing_more(dext, receiver):
    body = item(document_url=f"{receiver.url}/ticket.pdf", payment_method=None)
    dry = dext.publish(body, query="?dry_run=true").json()
    assert codes(dry) == ["document_pending"]
    assert not DocumentFetch.objects.exists()
    dext.publish(body)
    dext.publish(body)
    assert DocumentFetch.objects.count() == 1


def test_a_try_that_a_killed_worker_began_is_begun_anew(dext, receiver):
    publish(dext, f"{receiver.url}/ticket.pdf")
    now = timezone.now()
    DocumentFetch.objects.update(attempts=1, next_attempt_at=now + timedelta(minutes=5))
    receiver.says(200, pdf())
    try_all(now)
    assert receiver.calls == []
    try_all(now + timedelta(minutes=6))
    assert stands(dext)["document"] is not None


def test_a_file_that_a_person_joined_meanwhile_ends_the_warning(dext, receiver):
    publish(dext, f"{receiver.url}/ticket.pdf")
    receiver.says(404)
    walk_to_the_end()
    invoice = PurchaseInvoice.objects.get()
    attach_document(invoice=invoice, document=DocumentFactory(company=invoice.company), by=dext.user, at=timezone.now())
    assert stands(dext)["warnings"] == []


def test_a_cancelled_item_gets_no_document_any_more(dext, receiver):
    publish(dext, f"{receiver.url}/ticket.pdf")
    dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": "Doublon"})
    receiver.says(200, pdf())
    try_all()
    assert (stands(dext)["status"], stands(dext)["document"]) == ("cancelled", None)
    assert "document_pending" not in codes(stands(dext))
    assert not DocumentFetch.objects.filter(state="waiting").exists()

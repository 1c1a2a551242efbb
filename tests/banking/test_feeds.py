"""The API of bank feeds, over HTTP as a feed calls it."""

import json
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from banking.feeds.tokens import TooManyFeedCalls, count_feed_call, create_feed_token, revoke_feed_token
from banking.imports.statement_files import MAX_BYTES
from banking.models import FeedToken
from banking.views.feeds import PIECE, bring
from firms.models import Company
from tests.banking.statements.writers import Move, cfonb
from tests.factories.firms import CompanyFactory

FILE = cfonb([Move(date(2026, 11, 10), -485, "CB STARBUCKS")]).encode()
QIF = b"!Type:Bank\nD05/11/2026\nT-124,80\nPEDF\n^\n"


def address(company: Company) -> str:
    return f"/api/bank/v1/companies/{company.pk}/statements/"


@pytest.fixture
def secret(company: Company) -> str:
    return create_feed_token(firm=company.firm, company=company, name="EBICS")[1]


def send(
    secret: str,
    company: Company,
    data: bytes = FILE,
    *,
    query: str = "",
    kind: str = "application/octet-stream",
    **headers,
) -> HttpResponse:
    headers = {"Authorization": f"Bearer {secret}"} | headers
    return Client(enforce_csrf_checks=True).generic(
        "POST", address(company) + query, data, content_type=kind, headers=headers
    )


def test_a_file_is_stored_and_its_import_is_found_again(secret: str, company: Company):
    disposition = {"Content-Disposition": 'attachment; filename="../../releve.txt"'}
    answer = send(secret, company, query="?create_account=1", **disposition)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["added"], told["filename"]) == ("done", 1, "releve.txt")
    again = Client().get(answer["Location"], headers={"Authorization": f"Bearer {secret}"})
    assert again.json() == told
    assert answer["Location"].startswith("http://testserver/api/bank/v1/")
    assert told["web_url"] == f"http://testserver/dossiers/{company.pk}/banque/imports/"


def test_a_form_with_a_file_will_do(secret: str, company: Company):
    sent = {"file": SimpleUploadedFile("releve.ofx", FILE)}
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client(enforce_csrf_checks=True).post(address(company), sent, headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (202, "needs_account")
    assert answer.json()["needs"] == ["account"]


def test_what_a_file_leaves_out_is_told_in_the_address(secret: str, company: Company):
    send(secret, company, query="?create_account=1")
    assert send(secret, company, QIF).json()["needs"] == ["account", "date_order"]
    answer = send(secret, company, QIF, query="?account=5678&date_order=mdy")
    assert (answer.status_code, answer.json()["added"]) == (201, 1)
    assert company.bank_transactions.get(label="EDF").booked_on == date(2026, 5, 11)


def test_a_refused_statement_is_an_import_with_its_reason(secret: str, company: Company):
    answer = send(secret, company, b"%PDF-1.7")
    assert (answer.status_code, answer.json()["state"]) == (202, "refused")
    assert "PDF" in answer.json()["message"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"secret": "megflux_inconnu"}, 401, "token_missing"),
        ({"Authorization": ""}, 401, "token_missing"),
        ({"Content-Length": str(300 * 1024 * 1024)}, 413, "too_large"),
        ({"kind": "application/json"}, 415, "unsupported_media_type"),
        ({"data": b""}, 422, "empty"),
        ({"kind": "multipart/form-data; boundary=x", "data": b"--x--\r\n"}, 422, "empty"),
        ({"kind": "multipart/form-data", "data": b"nothing"}, 400, "malformed"),
        ({"query": "?date_order=ymd"}, 422, "invalid"),
        ({"query": "?account=9999"}, 422, "unknown_account"),
    ],
)
def test_a_call_that_is_wrong_is_a_problem_and_brings_nothing(
    secret: str, company: Company, change: dict, status: int, code: str
):
    answer = send(**{"secret": secret, "company": company} | change)
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["message"].endswith((".", "aucun."))
    assert not company.statement_imports.exists()


def test_a_revoked_token_opens_nothing(secret: str, company: Company):
    revoke_feed_token(token=FeedToken.objects.get(), at=timezone.now())
    assert send(secret, company).status_code == 403


def test_a_token_opens_its_company_or_all_of_its_firm_and_no_other(secret: str, company: Company):
    sister, stranger = CompanyFactory.create(firm=company.firm), CompanyFactory.create()
    assert [send(secret, one).status_code for one in (sister, stranger)] == [404, 404]
    wide = create_feed_token(firm=company.firm, company=None, name="Cabinet")[1]
    assert [send(wide, one).status_code for one in (company, sister, stranger)] == [202, 202, 404]
    theirs = company.statement_imports.get()
    found = Client().get(f"{address(sister)}{theirs.pk}/", headers={"Authorization": f"Bearer {wide}"})
    assert found.status_code == 404


def test_a_token_is_kept_as_a_digest_and_its_use_is_noted(secret: str, company: Company):
    send(secret, company)
    token = FeedToken.objects.get()
    assert secret not in token.digest
    assert token.last_used_at is not None


def test_the_command_prints_a_token_once(company: Company):
    out = StringIO()
    call_command("create_feed_token", "--company", company.code, stdout=out)
    assert send(out.getvalue().strip(), company).status_code == 202
    with pytest.raises(CommandError, match="Aucun cabinet"):
        call_command("create_feed_token", "--firm", "PERSONNE")
    with pytest.raises(ValueError, match="another firm"):
        create_feed_token(firm=CompanyFactory.create().firm, company=company, name="X")


def test_the_administration_revokes_tokens_and_shows_none(company: Company, secret: str, admin_client: Client):
    page = admin_client.get("/admin/banking/feedtoken/")
    assert "EBICS" in page.content.decode()
    token = FeedToken.objects.get()
    admin_client.post("/admin/banking/feedtoken/", {"action": "revoke", "_selected_action": [str(token.pk)]})
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert token.digest not in admin_client.get(f"/admin/banking/feedtoken/{token.pk}/change/").content.decode()


def test_calls_are_counted_by_token_and_by_minute(db: None, settings):
    settings.FEED_CALLS_PER_MINUTE = 2
    one, other, at = f"token:{uuid4()}", f"token:{uuid4()}", datetime(2026, 11, 24, 12, 0, 50, tzinfo=UTC)
    for _ in range(2):
        count_feed_call(one, at=at)
    with pytest.raises(TooManyFeedCalls, match="2 par minute au plus") as refused:
        count_feed_call(one, at=at)
    assert refused.value.retry_after == 10
    count_feed_call(other, at=at)
    count_feed_call(one, at=at + timedelta(seconds=10))


def test_a_call_too_many_is_a_problem_that_says_when_to_come_back(secret: str, company: Company, settings):
    settings.FEED_CALLS_PER_MINUTE = 0
    for bearer in (secret, "inconnu"):
        refused = send(bearer, company)
        problem = json.loads(refused.content)
        assert (refused.status_code, problem["code"]) == (429, "too_many_calls")
        assert problem["message"].startswith("Trop d’appels\u00a0: 0 par minute au plus.")
        assert 0 < int(refused["Retry-After"]) <= 60
    assert not company.statement_imports.exists()


class Zeros:
    """A body of so many bytes that is never whole in memory."""

    def __init__(self, size: int) -> None:
        self.left = self.asked = size

    def read(self, size: int = -1) -> bytes:
        taken = self.left if size < 0 else min(size, self.left)
        self.left -= taken
        return bytes(taken)

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)


def test_more_than_200_mb_are_refused_piece_by_piece_and_leave_nothing(secret: str, company: Company):
    """Said to be too large, not a byte is read; a byte too much, nothing is kept, and no more than pieces are held."""
    for size in (MAX_BYTES + 1, MAX_BYTES + 2 * PIECE):
        body = Zeros(size)
        request = RequestFactory().post(
            address(company), content_type="application/octet-stream", headers={"Authorization": f"Bearer {secret}"}
        )
        request = WSGIRequest(request.environ | {"wsgi.input": body, "CONTENT_LENGTH": str(size)})
        tracemalloc.start()
        answer = bring(request, company_id=company.pk)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (answer.status_code, json.loads(answer.content)["code"]) == (413, "too_large")
        assert held < 10 * PIECE
    assert body.left == body.asked
    assert not company.statement_imports.exists()
    assert not list(Path(settings.STATEMENTS_DIR).glob(".new-*"))

"""Nothing is lost unseen: whatever comes for a company has its row, with what came and how long it took."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dext_connector import publishing
from dext_connector.models import Fate, InboxItem
from dext_connector.receptions.kept_files import forget_files, kept_bytes, kept_path
from firms.models import Role
from tests.dext_connector.conftest import DextCaller, calling, item
from tests.factories.firms import member_of

PDF = b"%PDF-1.4 une piece"


def only_row() -> InboxItem:
    return InboxItem.objects.get()


def with_file(body: object, data: bytes = PDF, name: str = "ticket.pdf") -> dict:
    import json

    part = SimpleUploadedFile("item.json", json.dumps(body).encode() if isinstance(body, dict) else body)
    return {"item": part, "document": SimpleUploadedFile(name, data)}


def publish_files(dext: DextCaller, body: object, **extra) -> int:
    send = {"Authorization": f"Bearer {dext.token}"}
    address = "/api/dext/v1/" + dext.on_company("publish/")
    return dext.client.post(address, with_file(body, **extra), headers=send).status_code


def test_a_row_says_what_came_and_how_long_it_took(dext):
    dext.publish(item(), key="k1")
    row = only_row()
    assert (row.supplier_name, str(row.total), row.currency, row.received_key) == ("Starbucks", "4.85", "EUR", "k1")
    assert row.duration_ms is not None
    assert row.duration_ms >= 0
    assert row.document_name == ""


def test_a_body_that_is_no_json_is_kept_as_it_came(dext):
    assert dext.publish('{"external_id": "RB-1", ', content_type="application/json").status_code == 400
    row = only_row()
    assert (row.fate, row.payload, row.raw_body) == (Fate.REFUSED, None, '{"external_id": "RB-1", ')


def test_a_body_of_another_type_is_kept_as_it_came(dext):
    assert dext.publish("<facture/>", content_type="text/xml").status_code == 415
    assert only_row().raw_body == "<facture/>"


def test_what_is_kept_of_an_unreadable_body_is_bounded_and_fits_the_database(dext):
    assert dext.publish("\0" + "é" * 100_000).status_code == 400
    raw = only_row().raw_body
    assert raw.startswith("\ufffdé")
    assert len(raw) <= 64 * 1024


def test_an_item_with_a_key_that_cannot_be_is_kept_with_its_item(dext):
    assert dext.publish(item(), key="k" * 129).status_code == 422
    assert only_row().payload == item()


def test_an_item_without_the_right_to_publish_is_kept_with_its_item(company):
    reader = calling(member_of(company, Role.READER), company)
    assert reader.publish(item()).status_code == 403
    assert (only_row().fate, only_row().payload) == (Fate.REFUSED, item())


def test_an_item_that_came_once_too_often_a_minute_is_kept_as_failed(dext, settings):
    settings.DEXT_CALLS_PER_MINUTE = 1
    assert [dext.publish(item(external_id=f"RB-{n}")).status_code for n in range(4)] == [201, 429, 429, 429]
    failed = InboxItem.objects.filter(fate=Fate.FAILED).order_by("id")
    # The second time over the limit it is a runaway: told so, and no longer written down.
    assert [row.external_id for row in failed] == ["RB-1"]


def test_nothing_is_kept_for_a_company_that_the_caller_may_not_see(dext, settings):
    from tests.factories.firms import CompanyFactory

    settings.DEXT_CALLS_PER_MINUTE = 0
    dext.company = CompanyFactory()
    assert dext.publish(item()).status_code == 429
    assert not InboxItem.objects.exists()


def test_a_crash_in_the_middle_is_a_failure_with_its_item_and_document(dext, monkeypatch):
    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(publishing, "record_invoice", crash)
    dext.client = Client(raise_request_exception=False)
    assert publish_files(dext, item()) == 500
    row = only_row()
    assert (row.fate, row.payload, kept_bytes(row)) == (Fate.FAILED, item(), PDF)


def test_a_refused_publish_keeps_its_document(dext):
    assert publish_files(dext, item(account="99999999")) == 422
    row = only_row()
    assert (row.document_name, row.document_size, kept_bytes(row)) == ("ticket.pdf", len(PDF), PDF)


def test_a_document_of_an_item_that_cannot_be_read_is_kept_with_what_came(dext):
    assert publish_files(dext, b"{nothing") == 400
    row = only_row()
    assert (row.raw_body, kept_bytes(row)) == ("{nothing", PDF)


def test_a_file_that_meg_does_not_know_is_kept_too(dext):
    assert publish_files(dext, item(), data=b"MZ", name="facture.exe") == 415
    assert kept_bytes(only_row()) == b"MZ"


def test_a_publish_that_made_its_purchase_keeps_no_second_copy(dext):
    assert publish_files(dext, item()) == 201
    row = only_row()
    assert (row.document_name, row.is_document_kept) == ("ticket.pdf", False)
    assert not kept_path(row.pk).exists()


@pytest.mark.parametrize(("days", "is_kept"), [(89, True), (91, False)])
def test_a_document_that_was_never_replayed_goes_after_90_days(dext, days, is_kept):
    from datetime import timedelta

    publish_files(dext, item(account="99999999"))
    row = only_row()
    forget_files(at=row.received_at + timedelta(days=days))
    row.refresh_from_db()
    assert row.is_document_kept is is_kept
    assert kept_path(row.pk).exists() is is_kept

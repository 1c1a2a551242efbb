"""What a person can mend in MEG is accepted, with its reason in words; what must be mended in Dext is not."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from achats.models import PurchaseInvoice, Status, Supplier
from dext_connector.calls.idempotency import forget_old_keys
from dext_connector.models import DextConnection, InboxItem, PublishBatch
from ledger.models import Bookkeeping
from tests.dext_connector.conftest import calling, item
from tests.factories.achats import photo
from tests.factories.firms import CompanyFactory, member_of


def told(answer, kind: str) -> dict[str, str]:
    assert answer.status_code == 201, answer.json()
    return {reason["code"]: reason["message"].replace("\u00a0", " ") for reason in answer.json()[kind]}


def test_a_missing_account_is_accepted_and_holds_the_purchase(dext):
    answer = dext.publish(item(account=None))
    assert answer.json()["status"] == "not_ready"
    reasons = {"account_missing": "Il manque le compte de charge. Dext n’en a pas envoyé."}
    assert told(answer, "reasons") == reasons


def test_the_same_supplier_number_and_total_are_a_suspected_duplicate(dext):
    dext.publish(item(reference="FA-0068"))
    answer = dext.publish(item(external_id="RB-2", reference="fa 0068"))
    assert answer.json()["status"] == "not_ready"
    sentence = "Même fournisseur, même numéro, même total que la facture du 25/09/2019."
    assert told(answer, "reasons") == {"suspected_duplicate": sentence}
    others = ({"total": "5.00"}, {"reference": "FA-0069"}, {"supplier": {"name": "Costa"}})
    for number, other in enumerate(others, start=3):
        fields = {"external_id": f"RB-{number}", "reference": "FA-0068"} | other
        assert told(dext.publish(item(**fields)), "reasons") == {}


def test_the_same_file_is_a_suspected_duplicate(dext):
    image = photo()
    for number, reasons in ((1, []), (2, ["suspected_duplicate"])):
        sent = item(external_id=f"RB-{number}", reference=f"T-{number}")
        parts = {"item": json.dumps(sent), "document": SimpleUploadedFile("t.png", image, "image/png")}
        answer = dext.call("post", dext.on_company("publish/"), data=parts)
        assert list(told(answer, "reasons")) == reasons


def test_a_duplicate_that_dext_allows_is_none(dext):
    dext.publish(item(reference="FA-0068"))
    again = item(external_id="RB-2", reference="FA-0068", allow_duplicate=True)
    assert dext.publish(again).json()["status"] == "ready"


def test_an_ambiguous_supplier_is_left_to_a_person(dext, company):
    for siren in ("732829320", "552100554"):
        Supplier.objects.create(company=company, name="Starbucks", siren=siren)
    answer = dext.publish(item())
    assert told(answer, "reasons") == {
        "supplier_ambiguous": "Deux fournisseurs répondent à « Starbucks ». Choisissez lequel."
    }
    assert PurchaseInvoice.objects.get().supplier is None
    named = dext.publish(item(external_id="RB-2", supplier={"name": "Starbucks", "siren": "552100554"}))
    assert named.json()["status"] == "ready"


def test_a_mixed_vat_rate_is_accepted_to_the_cent(dext):
    answer = dext.publish(item(total="5.76", vat_amount="0.61", supplier={"name": "Franprix"}))
    assert (answer.json()["status"], list(told(answer, "warnings"))) == (
        "ready",
        ["mixed_vat_rates", "document_missing", "payment_method_without_bank"],
    )
    assert str(PurchaseInvoice.objects.get().vat_amount) == "0.61"


def test_a_named_vat_code_that_contradicts_the_amount_holds_the_purchase(dext):
    answer = dext.publish(item(vat_code="TVA20"))
    assert answer.json()["status"] == "not_ready"
    assert list(told(answer, "reasons")) == ["vat_code_contradicts"]
    assert str(PurchaseInvoice.objects.get().vat_amount) == "0.44"


def test_a_date_in_a_locked_period_stays_and_the_entry_goes_to_the_first_open_day(dext, company):
    Bookkeeping.objects.update_or_create(company=company, defaults={"locked_until": date(2019, 12, 31)})
    answer = dext.publish(item())
    assert answer.json()["status"] == "ready"
    assert told(answer, "warnings")["period_closed"] == (
        "Le 25/09/2019 est clos (jusqu’au 31/12/2019) : l’écriture ira au 01/01/2020, la date de la pièce reste."
    )
    assert PurchaseInvoice.objects.get().issued_on == date(2019, 9, 25)


def test_a_due_date_before_the_date_only_warns(dext):
    answer = dext.publish(item(due_date="2019-09-01"))
    assert (answer.json()["status"], "due_before_date" in told(answer, "warnings")) == ("ready", True)


def test_a_zero_total_only_warns_and_is_settled(dext):
    answer = dext.publish(item(total="0.00", vat_amount="0.00"))
    assert (answer.json()["status"], answer.json()["settlement"]) == ("ready", "settled")
    assert "zero_total" in told(answer, "warnings")


def test_what_is_there_is_told_editable_or_not(dext):
    first = dext.publish(item()).json()
    for status in (Status.READY, Status.POSTED):
        PurchaseInvoice.objects.update(status=status)
        answer = dext.publish(item(total="9.00"))
        assert (answer.status_code, answer.json()["code"]) == (409, "already_published")
        assert answer.json()["existing"] == {"id": first["id"], "status": status, "web_url": first["web_url"]}
        assert answer.json()["retryable"] is False


def test_a_year_of_the_last_century_is_refused(dext):
    answer = dext.publish(item(date="1999-12-31"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "date_too_old")
    assert dext.publish(item(date="2000-01-01")).status_code == 201


@pytest.mark.parametrize("token", ["", "unknown"])
def test_a_call_without_a_good_token_is_told_to_connect_again(dext, token):
    dext.token = token
    answer = dext.publish(item())
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not InboxItem.objects.exists()


def cancel(dext, reason: str = "Erreur"):
    return dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": reason})


def test_a_cancellation_twice_is_once(dext):
    dext.publish(item())
    first, second = cancel(dext), cancel(dext, "Encore")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert PurchaseInvoice.objects.get().cancellation_reason == "Erreur"


def test_a_cancellation_says_why(dext):
    dext.publish(item())
    for body in ({}, {"reason": " "}):
        answer = dext.call("post", dext.on_company("items/RB-88213/cancellation/"), body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert PurchaseInvoice.objects.get().status == Status.READY


def test_where_an_item_stands_is_that_of_the_live_one_else_of_the_last(dext):
    seen = []
    for _ in range(2):
        seen.append(dext.publish(item()).json()["id"])
        assert dext.get(dext.on_company("items/RB-88213/")).json()["id"] == seen[-1]
        cancel(dext)
        answer = dext.get(dext.on_company("items/RB-88213/")).json()
        assert (answer["id"], answer["status"]) == (seen[-1], "cancelled")
    assert len(set(seen)) == 2
    assert sorted(PurchaseInvoice.objects.values_list("generation", flat=True)) == [1, 2]


@pytest.mark.parametrize("path", ["items/RB-88213/cancellation/", "items/RB-88213/document/", "items/RB-88213/"])
def test_nothing_is_written_over_a_connection_that_ended(dext, path):
    dext.publish(item())
    DextConnection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    body, method = ({"reason": "Erreur"}, "post") if path.endswith("n/") else (item(), "put")
    method = "post" if path.endswith("document/") else method
    answer = dext.call(method, dext.on_company(path), body, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (401, "connection_ended")
    assert dext.get(dext.on_company("items/RB-88213/")).status_code == 401
    assert PurchaseInvoice.objects.get().status == "ready"


def test_under_maintenance_every_call_is_told_to_come_back_with_the_same_key(dext, settings):
    settings.MAINTENANCE = True
    for answer in (dext.publish(item(), key="k1"), dext.get("me/"), dext.call("post", "login/", {})):
        assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "maintenance", True)
        assert int(answer["Retry-After"]) > 0
        assert answer["Content-Type"] == "application/problem+json"
    settings.MAINTENANCE = False
    assert dext.publish(item(), key="k1").status_code == 201
    assert InboxItem.objects.count() == 1


def test_the_allowance_of_a_minute_is_told_and_the_same_key_may_come_again(dext, settings):
    settings.DEXT_CALLS_PER_MINUTE = 0
    answer = dext.publish(item(), key="k1")
    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (429, "too_many_calls", True)
    assert 0 < int(answer["Retry-After"]) <= 60
    settings.DEXT_CALLS_PER_MINUTE = 10
    assert dext.publish(item(), key="k1").status_code == 201


def test_keys_are_forgotten_after_30_days_and_the_rows_stay(dext):
    now = timezone.now()
    dext.publish(item(), key="old")
    dext.call("post", dext.on_company("publish/batch/"), {"items": [item()]}, headers={"Idempotency-Key": "old batch"})
    InboxItem.objects.update(received_at=now - timedelta(days=30, seconds=1))
    PublishBatch.objects.update(received_at=now - timedelta(days=30, seconds=1))
    dext.publish(item(external_id="RB-2", total="7.00"), key="new")
    assert forget_old_keys(at=now) == 2
    assert list(InboxItem.objects.order_by("id").values_list("idempotency_key", flat=True)) == ["", "", "new"]
    assert PublishBatch.objects.get().idempotency_key == ""
    assert forget_old_keys(at=now) == 0


def test_an_item_of_another_company_is_not_found(dext):
    dext.publish(item())
    stranger = calling(member_of(CompanyFactory()), dext.company)
    for path in ("items/RB-88213/", "items/RB-88213/cancellation/"):
        call = stranger.get if path.endswith("3/") else lambda path: stranger.call("post", path, {"reason": "x"})
        assert call(dext.on_company(path)).status_code == 404

"""An item comes again, changed: while it may be, and unless somebody changed it meanwhile."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from achats.changing.correcting import correct_invoice
from achats.models import Origin, PurchaseInvoice, Status, Supplier
from banking.models import Match, MatchState
from dext_connector.models import Fate, InboxItem
from firms.models import Event, Role
from tests.dext_connector.conftest import calling, item
from tests.factories.achats import photo
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory, member_of

ADDRESS = "items/RB-88213/"
CHANGED = item(total="6.00", vat_amount="0.55", reference="T-9", account="60630000")


def put(dext, body, *, if_match: str = "", key: str = ""):
    headers = {"If-Match": if_match} | ({"Idempotency-Key": key} if key else {})
    return dext.call("put", dext.on_company(ADDRESS), body, headers={k: v for k, v in headers.items() if v})


def etag(dext) -> str:
    return dext.get(dext.on_company(ADDRESS))["ETag"]


@pytest.fixture
def invoice(dext) -> PurchaseInvoice:
    assert dext.publish(item(), key="first").status_code == 201
    return PurchaseInvoice.objects.get()


def suggestion(invoice: PurchaseInvoice) -> Match:
    line = BankTransactionFactory(account=BankAccountFactory(company=invoice.company))
    return Match.objects.create(
        company=invoice.company, invoice=invoice, transaction=line, amount_cents=485, state=MatchState.SUGGESTED
    )


def test_a_republish_changes_the_purchase_and_keeps_its_fate(dext, invoice):
    answer = put(dext, CHANGED, if_match=etag(dext))
    assert answer.status_code == 200, answer.json()
    assert answer.json() == dext.get(dext.on_company(ADDRESS)).json()
    assert answer["ETag"] == etag(dext)
    again = PurchaseInvoice.objects.get()
    assert (again.pk, again.generation) == (invoice.pk, 1)
    assert (again.gross_amount, again.vat_amount, again.reference) == (Decimal("6.00"), Decimal("0.55"), "T-9")
    (line,) = again.lines.all()
    assert (line.account.code, line.gross_amount) == ("60630000", Decimal("6.00"))
    fate = InboxItem.objects.latest("id")
    assert (fate.fate, fate.invoice, fate.http_status, fate.payload) == (Fate.REPUBLISHED, invoice, 200, CHANGED)
    changes = Event.objects.get(kind="purchase.republished").changes
    assert changes["gross_amount"] == ["4.85", "6.00"]
    assert changes["lines.1.account"] == ["62570000 Réceptions", str(line.account)]


def test_the_answer_of_a_publish_names_the_version_to_change(dext):
    published = dext.publish(item())
    assert published["ETag"] == etag(dext)
    assert put(dext, CHANGED, if_match=published["ETag"]).status_code == 200


def test_without_a_version_nothing_is_changed(dext, invoice):
    answer = put(dext, CHANGED)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert "If-Match" in answer.json()["message"]
    assert PurchaseInvoice.objects.get().gross_amount == Decimal("4.85")
    assert InboxItem.objects.latest("id").fate == Fate.REFUSED


def correct_note(invoice):
    correct_invoice(invoice=invoice, by=member_of(invoice.company), at=invoice.created_at, changes={"note": "vue"})


def correct_line(invoice):
    code = invoice.company.vat_codes.get(code="TVA10")
    lines = {invoice.lines.get().pk: {"vat_code": code}}
    correct_invoice(invoice=invoice, by=member_of(invoice.company), at=invoice.created_at, lines=lines)


@pytest.mark.parametrize("meanwhile", [correct_note, correct_line, suggestion], ids=lambda deed: deed.__name__)
def test_what_somebody_changed_meanwhile_is_not_overwritten(dext, invoice, meanwhile):
    seen = etag(dext)
    meanwhile(invoice)
    answer = put(dext, CHANGED, if_match=seen, key="k2")
    assert (answer.status_code, answer.json()["code"]) == (412, "version_stale")
    assert PurchaseInvoice.objects.get().gross_amount == Decimal("4.85")
    assert put(dext, CHANGED, if_match=etag(dext), key="k2").status_code == 200


def test_a_document_that_came_meanwhile_changes_the_version(dext, invoice):
    seen = etag(dext)
    sent = dext.call("post", dext.on_company(ADDRESS + "document/"), photo(), content_type="image/png")
    assert sent["ETag"] == etag(dext) != seen
    assert put(dext, CHANGED, if_match=seen).status_code == 412


def test_any_version_and_a_weakened_one_are_named_too(dext, invoice):
    assert put(dext, CHANGED, if_match=f'"other", W/{etag(dext)}').status_code == 200
    assert put(dext, item(), if_match="*").status_code == 200
    assert put(dext, item(), if_match="RB-88213").status_code == 412


def test_what_has_not_changed_is_not_sent_again(dext, invoice):
    known = {"If-None-Match": etag(dext)}
    answer = dext.call("get", dext.on_company(ADDRESS), headers=known)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", known["If-None-Match"])
    correct_note(invoice)
    assert dext.call("get", dext.on_company(ADDRESS), headers=known).status_code == 200


def as_posted(invoice):
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(status=Status.POSTED)


def as_matched(invoice):
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(settled_cents=485, settlement="settled")


def cancel(dext, reason="Publiée par erreur"):
    return dext.call("post", dext.on_company(ADDRESS + "cancellation/"), {"reason": reason})


@pytest.mark.parametrize(("become", "words"), [(as_posted, "comptabilisée"), (as_matched, "rapprochée")])
def test_what_is_posted_or_matched_is_neither_changed_nor_withdrawn(dext, invoice, become, words):
    seen = etag(dext)
    become(invoice)
    for answer in (put(dext, CHANGED, if_match=seen), put(dext, CHANGED, if_match=etag(dext)), cancel(dext)):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_editable")
        assert words in answer.json()["message"]
    assert PurchaseInvoice.objects.get().gross_amount == Decimal("4.85")


def test_what_is_cancelled_is_not_changed(dext, invoice):
    cancel(dext)
    answer = put(dext, CHANGED, if_match=etag(dext))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_editable")


def test_a_republish_is_checked_as_a_publish(dext, invoice):
    answer = put(dext, item(account="99999999", total="1.00", vat_amount="2.00"), if_match=etag(dext))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert {fault["code"] for fault in answer.json()["errors"]} == {"unknown_account", "vat_above_total"}
    assert InboxItem.objects.latest("id").fate == Fate.REFUSED
    assert put(dext, item(total=6), if_match=etag(dext)).status_code == 400


def test_a_dry_run_checks_all_and_changes_nothing(dext, invoice):
    address = dext.on_company(ADDRESS + "?dry_run=true")
    suggestion(invoice)
    seen, headers = etag(dext), {"If-Match": etag(dext)}
    assert dext.call("put", address, CHANGED | {"account": None}, headers=headers).json()["status"] == "not_ready"
    assert dext.call("put", address, item(account="9"), headers=headers).status_code == 422
    assert dext.call("put", address, CHANGED, headers={"If-Match": '"stale"'}).status_code == 412
    assert etag(dext) == seen
    assert PurchaseInvoice.objects.get().gross_amount == Decimal("4.85")
    assert InboxItem.objects.count() == 1
    assert Match.objects.exists()


def test_the_body_need_not_name_the_item_but_must_not_name_another(dext, invoice):
    assert put(dext, item(external_id=None, total="6.00"), if_match=etag(dext)).status_code == 200
    answer = put(dext, item(external_id="RB-2"), if_match=etag(dext))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/external_id")
    for wrong in (5, ["RB-88213"], {}):
        assert put(dext, item(external_id=wrong), if_match=etag(dext)).status_code == 400


def test_an_unknown_item_is_not_found(dext, invoice):
    answer = dext.call("put", dext.on_company("items/RB-9/"), item(external_id="RB-9"), headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    stranger = calling(member_of(CompanyFactory()), invoice.company)
    assert put(stranger, CHANGED, if_match="*").status_code == 404
    reader = calling(member_of(invoice.company, Role.READER), invoice.company)
    assert put(reader, CHANGED, if_match="*").status_code == 403


@pytest.mark.parametrize("name", ["RB-88213%00", "x" * 200, "%C3%A9"])
def test_an_address_that_names_no_item_is_refused_and_kept(dext, invoice, name):
    answer = dext.call("put", dext.on_company(f"items/{name}/"), item(external_id=None), headers={"If-Match": "*"})
    assert answer.status_code in {404, 422}
    assert InboxItem.objects.latest("id").fate == Fate.REFUSED
    for deed, body in (("cancellation/", {"reason": "x"}), ("document/", photo())):
        kind = "image/png" if isinstance(body, bytes) else "application/json"
        path = dext.on_company(f"items/{name}/{deed}")
        assert dext.call("post", path, body, content_type=kind).status_code == 404


def test_the_same_key_answers_the_first_answer_again(dext, invoice):
    seen = etag(dext)
    first, second = put(dext, CHANGED, if_match=seen, key="k2"), put(dext, CHANGED, if_match=seen, key="k2")
    assert (second.status_code, second.json(), second["Idempotent-Replayed"]) == (200, first.json(), "true")
    assert "ETag" not in second
    assert Event.objects.filter(kind="purchase.republished").count() == 1
    other = put(dext, item(), if_match=etag(dext), key="k2")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_the_key_of_a_publish_does_not_answer_a_republish(dext, invoice):
    answer = put(dext, item(), if_match=etag(dext), key="first")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_document_that_comes_along_joins_those_that_are_there(dext, invoice):
    image = photo()
    for _ in range(2):
        parts = {"item": json.dumps(CHANGED), "document": SimpleUploadedFile("t.png", image, "image/png")}
        answer = dext.call_multipart("put", ADDRESS, parts, headers={"If-Match": etag(dext)})
        assert answer.status_code == 200, answer.json()
    assert answer.json()["document"]["filename"] == "t.png"
    assert invoice.attachments.count() == 1


def test_what_a_person_chose_beside_what_dext_knows_stays(dext):
    company = dext.company
    for siren in ("732829320", "552100554"):
        Supplier.objects.create(company=company, name="Starbucks", siren=siren)
    assert "supplier_ambiguous" in [reason["code"] for reason in dext.publish(item()).json()["reasons"]]
    invoice, chosen = PurchaseInvoice.objects.get(), company.suppliers.get(siren="552100554")
    changes = {"supplier": chosen, "is_duplicate_allowed": True}
    correct_invoice(invoice=invoice, by=member_of(company), at=invoice.created_at, changes=changes)
    assert put(dext, CHANGED, if_match=etag(dext)).json()["status"] == "ready"
    invoice.refresh_from_db()
    assert (invoice.supplier, invoice.is_duplicate_allowed) == (chosen, True)
    other = put(dext, CHANGED | {"supplier": {"name": "Costa"}}, if_match=etag(dext))
    assert other.status_code == 200
    invoice.refresh_from_db()
    assert invoice.supplier.name == "Costa"


def test_an_account_set_by_hand_is_replaced_by_who_has_seen_it(dext, invoice):
    account = dext.company.accounts.get(code="60630000")
    lines = {invoice.lines.get().pk: {"account": account}}
    correct_invoice(invoice=invoice, by=member_of(dext.company), at=invoice.created_at, lines=lines)
    assert put(dext, item(), if_match=etag(dext)).status_code == 200
    line = invoice.lines.get()
    assert (line.account.code, line.account_origin) == ("62570000", Origin.NAMED)


@pytest.mark.parametrize("deed", [lambda dext: put(dext, CHANGED, if_match=etag(dext)), cancel])
def test_what_was_suggested_for_the_item_as_it_was_is_dropped(dext, invoice, deed):
    suggestion(invoice)
    assert deed(dext).status_code == 200
    assert not Match.objects.exists()

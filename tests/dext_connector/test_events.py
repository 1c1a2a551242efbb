"""`GET events/`: what Dext is told, to poll."""

from datetime import timedelta

import pytest
from django.utils import timezone

from achats.changing.cancelling import cancel_invoice
from achats.changing.restoring import restore_invoice, undo_decision
from achats.models import MethodKind, PaymentMethod, PurchaseInvoice
from dext_connector.models import PublicKind
from firms.events import record_event
from firms.models import Event, Role
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of


def feed(dext, query: str = "") -> dict:
    answer = dext.get(f"events/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def cursor(dext) -> str:
    """Where the feed stands before the test does anything."""
    return feed(dext)["next_cursor"]


def after(dext, cursor: str) -> list[dict]:
    return feed(dext, f"?cursor={cursor}")["items"]


def test_a_publish_is_told_with_ids_only(dext, company, cursor):
    created = dext.publish(item()).json()
    received = next(event for event in after(dext, cursor) if event["kind"] == "purchase.received")
    event = Event.objects.get(kind="purchase.received")
    assert received == {
        "id": str(event.pk),
        "kind": "purchase.received",
        "company_id": str(company.pk),
        "subject_id": created["id"],
        "external_id": "RB-88213",
        "at": event.at.isoformat(),
    }


def test_the_walk_of_an_item_is_told_in_order(dext, cursor):
    dext.publish(item(account=None))
    dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": "Doublon"})
    kinds = [event["kind"] for event in after(dext, cursor) if event["external_id"]]
    assert kinds == ["purchase.received", "purchase.not_ready", "purchase.cancelled"]


def test_what_is_restored_is_told_as_received_again_and_not_ready_where_it_is_not(dext, company, cursor):
    for reference, account in (("RB-1", "62570000"), ("RB-2", None)):
        dext.publish(item(external_id=reference, reference=reference, account=account))
        dext.call("post", dext.on_company(f"items/{reference}/cancellation/"), {"reason": "Doublon"})
    told = after(dext, cursor)
    place = feed(dext)["next_cursor"]
    for gone in PurchaseInvoice.objects.order_by("pk"):
        restore_invoice(invoice=gone, by=dext.user, at=timezone.now())
    again = after(dext, place)
    assert [(event["kind"], event["external_id"]) for event in again] == [
        ("purchase.received", "RB-1"),
        ("purchase.received", "RB-2"),
        ("purchase.not_ready", "RB-2"),
    ]
    assert not {event["id"] for event in again} & {event["id"] for event in told}
    assert dext.get(dext.on_company("items/RB-1/")).json()["status"] == "ready"


def test_a_decision_on_duplicates_that_is_taken_back_is_told(dext, company, cursor):
    dext.publish(item(reference="FA-1"))
    dext.publish(item(external_id="RB-2", reference="FA-1"))
    first, second = PurchaseInvoice.objects.order_by("pk")
    cancel_invoice(invoice=second, by=dext.user, reason="Doublon", at=timezone.now())
    place = feed(dext)["next_cursor"]
    undo_decision(first=first, second=second, by=dext.user, at=timezone.now())
    told = [(event["kind"], event["external_id"]) for event in after(dext, place)]
    assert told == [("purchase.received", "RB-2"), ("purchase.not_ready", "RB-2")]


def test_what_was_paid_in_cash_is_told_as_settled(dext, company, cursor):
    PaymentMethod.objects.create(company=company, label="Caisse", kind=MethodKind.CASH)
    dext.publish(item(payment_method={"label": "Caisse"}, paid=True))
    kinds = [event["kind"] for event in after(dext, cursor) if event["external_id"]]
    assert kinds == ["purchase.received", "purchase.settled"]


def test_reading_goes_on_from_the_cursor_which_is_never_null(dext, cursor):
    for number in range(3):
        dext.publish(item(external_id=f"RB-{number}", reference=f"F-{number}"))
    seen, place = [], cursor
    while (page := feed(dext, f"?cursor={place}&limit=1"))["items"]:
        seen += [event["external_id"] for event in page["items"] if event["kind"] == "purchase.received"]
        place = page["next_cursor"]
    assert seen == ["RB-0", "RB-1", "RB-2"]
    assert feed(dext, f"?cursor={place}") == {"items": [], "next_cursor": place}


def test_companies_that_the_token_may_not_see_are_never_told_of(dext, cursor):
    stranger = CompanyFactory()
    calling(member_of(stranger), stranger).publish(item())
    assert after(dext, cursor) == []
    other = CompanyFactory(firm=dext.company.firm)
    record_event(company=other, kind="purchase.received", subject_id=other.pk)
    assert [event["company_id"] for event in after(dext, cursor)] == [str(other.pk)]
    other.is_active = False
    other.save()
    assert after(dext, cursor) == []


def test_what_is_ours_alone_is_not_told(dext, company, cursor):
    for kind in ("purchase.corrected", "statement.imported", "company.opened", "connection.opened", "webhook.disabled"):
        record_event(company=company, kind=kind, subject_id=company.pk)
    assert after(dext, cursor) == []


@pytest.mark.parametrize("kind", PublicKind.values)
def test_each_public_kind_is_told_by_its_name(dext, company, cursor, kind):
    record_event(company=company, kind=kind, subject_id=company.pk)
    assert [event["kind"] for event in after(dext, cursor)] == [kind]


def test_only_30_days_are_told(dext, company, cursor):
    record_event(company=company, kind="purchase.posted", subject_id=company.pk, at=timezone.now() - timedelta(days=31))
    record_event(company=company, kind="purchase.posted", subject_id=company.pk, at=timezone.now() - timedelta(days=29))
    assert len(after(dext, cursor)) == 1
    assert Event.objects.filter(kind="purchase.posted").count() == 2


@pytest.mark.parametrize("query", ["?cursor=x", "?cursor=-1", "?cursor=1.5", "?cursor=9999999999999999999", "?limit=0"])
def test_a_cursor_that_meg_never_gave_is_refused(dext, query):
    assert dext.get(f"events/{query}").status_code == 422


def test_a_reader_is_told_too(company):
    assert calling(member_of(company, Role.READER), company).get("events/").status_code == 200


def test_reading_costs_the_same_however_much_is_told(dext, company, cursor, django_assert_max_num_queries):
    for number in range(5):
        dext.publish(item(external_id=f"RB-{number}", reference=f"F-{number}"))
    with django_assert_max_num_queries(10):
        assert len(after(dext, cursor)) >= 5

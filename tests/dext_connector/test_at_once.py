"""The same publish from many sides at the same moment, through the real server: once, and each has its answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from achats.models import PurchaseInvoice, Supplier
from dext_connector.models import Fate, InboxItem
from tests.dext_connector.conftest import calling, item
from tests.dext_connector.http import Sender, all_at_once, still_runs
from tests.factories.firms import CompanyFactory, member_of

TIMES = 32


@pytest.fixture
def sender(web_server) -> Sender:
    company = CompanyFactory()
    return Sender(web_server, calling(member_of(company), company))


def fates() -> dict[str, int]:
    found = list(InboxItem.objects.values_list("fate", flat=True))
    return {fate: found.count(fate) for fate in set(found)}


@pytest.mark.parametrize("key", ["", "k1"])
def test_thirty_two_at_once_are_once(sender, key):
    answers = all_at_once(sender, "publish/", item(), times=TIMES, key=key)
    published = [answer for answer in answers if answer.status_code == 201]
    others = [answer for answer in answers if answer.status_code != 201]
    assert published
    assert all(still_runs(answer) and answer.headers["Retry-After"] for answer in others)
    assert not (others and not key)
    assert all(answer.json() == published[0].json() for answer in published)
    assert [answer.headers.get("Idempotent-Replayed") for answer in published].count(None) == 1
    assert PurchaseInvoice.objects.count() == Supplier.objects.count() == 1
    assert fates()[Fate.CREATED] == 1
    assert fates().get(Fate.REPLAYED, 0) == len(published) - 1
    assert sum(fates().values()) == TIMES
    again = sender.send("publish/", item(), key=key)
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", published[0].json())


def test_a_batch_that_comes_many_times_at_once_is_once(sender):
    items = [item(external_id=f"RB-{number}", total=f"{number}.50", vat_amount=None) for number in range(20)]
    answers = all_at_once(sender, "publish/batch/", {"items": items}, times=8, key="k1")
    done = [answer for answer in answers if answer.status_code == 207]
    assert done
    assert all(still_runs(answer) for answer in answers if answer.status_code != 207)
    assert all(answer.json() == done[0].json() for answer in done)
    assert PurchaseInvoice.objects.count() == fates()[Fate.CREATED] == 20
    assert Supplier.objects.count() == 1


def test_different_items_of_one_new_supplier_at_once_make_one_supplier_and_hold_the_duplicates(sender):
    items = [item(external_id=f"RB-{number}", reference="FA-1") for number in range(TIMES)]
    with ThreadPoolExecutor(TIMES) as threads:
        answers = list(threads.map(lambda sent: sender.send("publish/", sent, key=sent["external_id"]), items))
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["status"] for answer in answers) == ["not_ready"] * (TIMES - 1) + ["ready"]
    assert Supplier.objects.count() == 1

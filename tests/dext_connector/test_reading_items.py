"""Whatever JSON comes, an item is read or its faults are told; an amount is never anything but what was written."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dext_connector.items.consistency import faults_of
from dext_connector.serializers.items import glance_at, read_item
from dext_connector.serializers.reading import NAMES
from tests.dext_connector.conftest import item

TODAY = date(2019, 10, 1)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(NAMES)), inner, max_size=4),
    max_leaves=8,
)
cents = st.integers(0, 10**6)


def written(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), anything))
def test_any_object_is_read_or_its_faults_are_told(body):
    found = read_item(body)
    faults = [*found.faults, *faults_of(found, today=TODAY)]
    assert all(fault.pointer.startswith("/") and fault.message for fault in faults)
    assert faults or body.keys() >= {"external_id", "type", "date", "supplier", "currency", "total"}
    glance_at(body)


@given(st.lists(cents, min_size=1, max_size=8), st.integers(-20, 20))
def test_lines_may_miss_the_total_by_a_cent_each_and_no_more(amounts, off):
    total = sum(amounts) + off
    if total < 0:
        return
    lines = [{"total": written(amount)} for amount in amounts]
    found = read_item(item(total=written(total), vat_amount=None, lines=lines))
    assert bool(list(faults_of(found, today=TODAY))) is (abs(off) > len(amounts))


@given(cents, cents)
def test_amounts_are_read_to_the_cent(net, vat):
    found = read_item(item(total=written(net + vat), vat_amount=written(vat), net=written(net)))
    assert not [*found.faults, *faults_of(found, today=TODAY)]
    assert (found.total * 100, found.vat_amount * 100, found.net * 100) == (net + vat, vat, net)


def test_a_json_number_never_becomes_an_amount():
    (fault,) = read_item(item(total=5.76)).faults
    assert (fault.pointer, fault.is_malformed) == ("/total", True)
    assert read_item(json.loads(json.dumps(item(total="5.76")))).total == Decimal("5.76")

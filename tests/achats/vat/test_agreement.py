from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from achats.vat.agreement import FRENCH_RATES, contradicts, is_at_rate, mixes_rates
from ledger.models import VatCode, VatKind

cents = st.integers(min_value=1, max_value=10**8).map(lambda amount: Decimal(amount).scaleb(-2))


def code(kind: str, rate: str | None = "20") -> VatCode:
    return VatCode(kind=kind, rate=rate and Decimal(rate))


@given(net=cents, rate=st.sampled_from(FRENCH_RATES))
def test_an_amount_rounded_from_its_rate_agrees_with_it(net, rate):
    vat = (net * rate / 100).quantize(Decimal("0.01"))
    assert not contradicts(code(VatKind.DEDUCTIBLE, str(rate)), vat=vat, net=net)
    assert not mixes_rates(vat=vat, net=net)


@given(net=st.integers(min_value=100, max_value=10**8).map(Decimal))
def test_one_rate_is_never_taken_for_another(net):
    assert contradicts(code(VatKind.DEDUCTIBLE), vat=net / 10, net=net)
    assert contradicts(code(VatKind.DEDUCTIBLE, "10"), vat=net / 5, net=net)


@pytest.mark.parametrize("kind", [VatKind.EXEMPT, VatKind.NONE, VatKind.REVERSE_CHARGE, VatKind.INTRA_EU])
def test_a_code_without_billed_vat_wants_none(kind):
    assert contradicts(code(kind), vat=Decimal("0.01"), net=Decimal(10))
    assert not contradicts(code(kind), vat=Decimal(0), net=Decimal(10))


@pytest.mark.parametrize("vat", ["0", "0.61", "99"])
def test_a_marker_for_mixed_rates_agrees_with_anything(vat):
    assert not contradicts(code(VatKind.DEDUCTIBLE, None), vat=Decimal(vat), net=Decimal(100))


def test_zero_is_no_vat_at_twenty_percent_but_for_a_cents_worth():
    assert not is_at_rate(Decimal(20), vat=Decimal(0), net=Decimal("0.10"))
    assert is_at_rate(Decimal(20), vat=Decimal(0), net=Decimal("0.02"))

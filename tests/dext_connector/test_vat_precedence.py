"""Every combination of the settings that bear on VAT: which code a line bears, and that no amount ever moves."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from achats.models import Origin, SupplierRule
from dext_connector.items.consistency import faults_of
from dext_connector.items.drafting import draft_of
from dext_connector.items.vat_settings import choose_vat_code
from dext_connector.models import IntegrationSettings
from dext_connector.resolving import Rows
from dext_connector.serializers.items import read_item
from ledger.models import VatCode, VatKind

OWN, RULED = VatCode(code="TVA5_5", kind=VatKind.DEDUCTIBLE), VatCode(code="TVA10", kind=VatKind.DEDUCTIBLE)
MARKER, NO_VAT = VatCode(code="TVA20", kind=VatKind.DEDUCTIBLE), VatCode(code="SANS", kind=VatKind.NONE)
RULES = {
    "none": None,
    "without a code": SupplierRule(),
    "live": SupplierRule(vat_code=RULED),
    "archived": SupplierRule(vat_code=VatCode(code="TVA10", is_active=False)),
    "not yet valid": SupplierRule(vat_code=VatCode(code="TVA10", valid_from=date(2030, 1, 1))),
}
EXTRACTED = {None: "SANS", "0.00": "SANS", "0.61": "TVA20"}
ALL = list(product([True, False], [True, False], [True, False], RULES, EXTRACTED))


def settings(*, by_line: bool = True, of_supplier: bool = False) -> IntegrationSettings:
    return IntegrationSettings(
        vat_by_line=by_line, use_supplier_vat_rate=of_supplier, vat_marker=MARKER, no_vat_marker=NO_VAT
    )


def expected(by_line: bool, of_supplier: bool, is_named: bool, rule: str, extracted: str | None) -> tuple[str, str]:
    """The table, read from the top: the first row that holds names the code."""
    if by_line and is_named:
        return "TVA5_5", Origin.NAMED
    if by_line and of_supplier and rule == "live":
        return "TVA10", Origin.RULE
    return EXTRACTED[extracted], Origin.MARKER


@pytest.mark.parametrize(("by_line", "of_supplier", "is_named", "rule", "extracted"), ALL)
def test_the_order_is_the_line_then_the_rule_then_the_markers(by_line, of_supplier, is_named, rule, extracted):
    code, origin = choose_vat_code(
        settings=settings(by_line=by_line, of_supplier=of_supplier),
        named=OWN if is_named else None,
        rule=RULES[rule],
        extracted=None if extracted is None else Decimal(extracted),
        on=date(2019, 8, 19),
    )
    assert code
    assert (code.code, origin) == expected(by_line, of_supplier, is_named, rule, extracted)


cents = st.integers(min_value=0, max_value=10**9).map(lambda amount: f"{Decimal(amount).scaleb(-2):.2f}")


@st.composite
def items(draw) -> dict:
    """An item that agrees with itself, with or without lines; VAT null, zero or any amount within the total."""
    parts = draw(st.lists(st.tuples(cents, st.none() | cents), min_size=1, max_size=4))
    lines = [
        {"total": f"{Decimal(net) + Decimal(vat or 0):.2f}", "vat_amount": vat, "net": net if vat else None}
        for net, vat in parts
    ]
    vats = [Decimal(vat) for _, vat in parts if vat is not None]
    body = {
        "external_id": "RB-1", "type": "receipt", "date": "2019-08-19", "supplier": {"name": "Franprix"},
        "currency": "EUR", "total": f"{sum(Decimal(line['total']) for line in lines):.2f}",
        "vat_amount": f"{sum(vats):.2f}" if vats else None,
    }  # fmt: skip
    return body | {"lines": lines} if draw(st.booleans()) else body


@given(body=items(), by_line=st.booleans(), of_supplier=st.booleans(), rule=st.sampled_from(sorted(RULES)))
def test_whatever_the_settings_every_amount_is_kept_as_it_came(body, by_line, of_supplier, rule):
    item = read_item(body)
    assert [*item.faults, *faults_of(item, today=date(2019, 10, 1))] == []
    draft = draft_of(
        item, Rows(), settings=settings(by_line=by_line, of_supplier=of_supplier), supplier=None, rule=RULES[rule]
    )
    assert (in_words(draft.gross_amount), in_words(draft.vat_amount)) == (body["total"], body["vat_amount"])
    kept = [(in_words(line.gross_amount), in_words(line.vat_amount), in_words(line.net_amount)) for line in draft.lines]
    sent = body.get("lines") or [{"total": body["total"], "vat_amount": body["vat_amount"], "net": None}]
    assert kept == [(line["total"], line["vat_amount"], line["net"]) for line in sent]


def in_words(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"

"""Do a VAT amount and a VAT code, or one rate, go together? Nothing here changes an amount."""

from decimal import Decimal

from ledger.models import VatCode, VatKind

# CGI art. 278 (20 %), 279 (10 %), 278-0 bis (5,5 %), 281 quater (2,1 %), 296 (8,5 %, overseas).
FRENCH_RATES = tuple(map(Decimal, ("20", "10", "5.5", "2.1", "8.5")))
WITHOUT_BILLED_VAT = {VatKind.REVERSE_CHARGE, VatKind.INTRA_EU, VatKind.EXEMPT, VatKind.NONE}
_HALF_A_CENT = Decimal("0.005")
_CENTS = Decimal("0.02")
_SHARE = Decimal("0.01")


def contradicts(code: VatCode, *, vat: Decimal, net: Decimal) -> bool:
    """Whether a document with `vat` on `net` cannot be what `code` says.

    A deductible rate wants its VAT, to two cents or 1 %; a code without billed VAT wants none. A code without rate
    (a marker for mixed rates), imports and what is not deducted agree with anything.
    """
    if code.kind in WITHOUT_BILLED_VAT:
        return vat > 0
    if code.kind != VatKind.DEDUCTIBLE or code.rate is None:
        return False
    return not is_at_rate(code.rate, vat=vat, net=net)


def is_at_rate(rate: Decimal, *, vat: Decimal, net: Decimal) -> bool:
    """Whether `vat` is `rate` percent of `net`, to two cents (rounding by article) or 1 %; zero is only zero."""
    expected = net * rate / 100
    if not vat or not expected:
        return abs(vat - expected) < _HALF_A_CENT
    return abs(vat - expected) <= max(_CENTS, expected * _SHARE)


def mixes_rates(*, vat: Decimal, net: Decimal) -> bool:
    """Whether no French rate alone explains `vat` on `net` (Franprix: 0,61 on 5,15)."""
    return vat > 0 and not any(is_at_rate(rate, vat=vat, net=net) for rate in FRENCH_RATES)

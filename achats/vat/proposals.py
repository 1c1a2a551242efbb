"""Which splits of a mixed VAT are proposed for a purchase, in which order and why; never applied by themselves.

First what is printed on the document, then what this supplier's purchases were split into before, then the pairs of
the company's rates that give its VAT to the cent, the commonest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from achats.models import InvoiceLine, Kind, PurchaseInvoice, Status
from achats.vat.past import KINDS, NO_VAT, PastSplits, rate_of
from achats.vat.splits import Part, Split, cents_of, printed_split, splits_of
from firms.typography import NBSP, format_amount
from ledger.models import VatCode, VatKind

# What French receipts mix most, where neither the supplier nor the company says: food with goods, then catering.
LIKELIEST = (2000, 550, 1000, 0, 210)


@dataclass(frozen=True)
class ProposedPart:
    """A line to be: its code, and its amounts in the currency of the purchase."""

    vat_code: VatCode
    rate: str
    net_amount: Decimal
    vat_amount: Decimal
    gross_amount: Decimal


@dataclass(frozen=True)
class Proposal:
    """A split that a person may choose by its `key`; `reason` says in French why it is plausible."""

    key: str
    parts: list[ProposedPart]
    reason: str

    @property
    def sentence(self) -> str:
        """« 2,90 à 5,5 % + 2,25 à 20 % », before VAT."""
        return " + ".join(f"{format_amount(part.net_amount)} à {part.rate}" for part in self.parts)


def may_be_split(invoice: PurchaseInvoice, lines: Sequence[InvoiceLine]) -> bool:
    """Whether it is open, of mixed rates, and one line of the whole document: lines that came stay as they came."""
    is_open = invoice.status in {Status.NOT_READY, Status.READY}
    is_mixed = any(warning["code"] == "mixed_vat_rates" for warning in invoice.warnings)
    if not (is_open and is_mixed and invoice.vat_amount and len(lines) == 1):
        return False
    return lines[0].gross_amount == invoice.gross_amount and lines[0].vat_amount in {None, invoice.vat_amount}


def proposals_for(invoice: PurchaseInvoice, lines: Sequence[InvoiceLine]) -> list[Proposal]:
    """The plausible splits, the likeliest first; two queries, none where it may not be split."""
    if not may_be_split(invoice, lines) or invoice.vat_amount is None:
        return []
    past, gross, vat = PastSplits(invoice), cents_of(invoice.gross_amount), cents_of(invoice.vat_amount)
    codes = _codes_by_rate(invoice, past)
    printed = printed_split(invoice.vat_breakdown, gross=gross, vat=vat)
    found = splits_of(gross=gross, vat=vat, rates=list(codes)) if invoice.currency == "EUR" else []
    splits = [printed, *(split for split in found if split.rates != printed.rates)] if printed else found
    usable = [split for split in splits if codes.keys() >= set(split.rates)]
    return [_proposal(split, invoice, codes, past) for split in sorted(usable, key=partial(_rank, past))]


def rate_in_words(rate: int) -> str:
    """550 → « 5,5 % »."""
    number = f"{Decimal(rate).scaleb(-2):f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{number}{NBSP}%"


def _codes_by_rate(invoice: PurchaseInvoice, past: PastSplits) -> dict[int, VatCode]:
    """The code of each rate: the one most used, then the wholly deductible, then the first of the chart."""
    codes = VatCode.objects.filter(company=invoice.company, kind__in=KINDS)
    usable = [code for code in codes.active_on(invoice.issued_on) if code.rate is not None or code.kind in NO_VAT]
    order = sorted(
        usable,
        key=lambda code: (code.kind == VatKind.NONE, -past.codes[code.pk], -code.deductible_percent, code.pk),
        reverse=True,
    )
    return {rate_of(code.kind, code.rate): code for code in order}


def _proposal(split: Split, invoice: PurchaseInvoice, codes: dict[int, VatCode], past: PastSplits) -> Proposal:
    key = "_".join(f"{part.rate}-{part.net}-{part.vat}" for part in split.parts)
    parts = [_part(part, codes[part.rate]) for part in split.parts]
    return Proposal(key=key, parts=parts, reason=_reason(past, invoice, split))


def _part(part: Part, code: VatCode) -> ProposedPart:
    net, vat, gross = (Decimal(cents).scaleb(-2) for cents in (part.net, part.vat, part.gross))
    return ProposedPart(code, rate_in_words(part.rate), net, vat, gross)


def _rank(past: PastSplits, split: Split) -> tuple:
    """The smallest first."""
    likely = [LIKELIEST.index(rate) if rate in LIKELIEST else len(LIKELIEST) for rate in split.rates]
    used = min(past.rates[rate] for rate in split.rates)
    by_count = (-past.of_supplier[split.rates], -past.of_company[split.rates], -used)
    return (not split.is_printed, *by_count, sum(likely), split.rates)


def _reason(past: PastSplits, invoice: PurchaseInvoice, split: Split) -> str:
    if split.is_printed:
        return f"imprimé sur {'le ticket' if invoice.kind == Kind.RECEIPT else 'la facture'}"
    if times := past.of_supplier[split.rates]:
        return f"comme {_counted(times, 'achat')} de {invoice.supplier} sur {past.of_supplier.total()}"
    if split.rates == past.commonest:
        names = " + ".join(rate_in_words(rate) for rate in split.rates)
        return f"{names}{NBSP}: les taux les plus fréquents du dossier"
    if times := past.of_company[split.rates]:
        return f"comme {_counted(times, 'achat')} du dossier"
    return "ces taux donnent cette TVA au centime"


def _counted(number: int, noun: str) -> str:
    return f"{number}{NBSP}{noun}{'s' if number > 1 else ''}"

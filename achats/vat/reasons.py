"""What the VAT of a purchase says: only a code that a person or a line named can contradict the amount."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from achats.models import InvoiceLine, Origin, PurchaseInvoice
from achats.reasons import Reason
from achats.vat.agreement import contradicts, mixes_rates
from firms.typography import format_money
from ledger.models import VatCode

NAMED = {Origin.NAMED, Origin.HAND}


def vat_reasons(invoice: PurchaseInvoice, lines: Sequence[InvoiceLine]) -> Iterator[Reason]:
    """Contradictions (« Pas prêt »), then what only warns: mixed rates, a rate named where no VAT was extracted."""
    for line in lines:
        if line.vat_code and line.vat_code_origin in NAMED:
            yield from _of_named_code(line.vat_code, invoice, line, is_alone=len(lines) == 1)
    if _has_mixed_rates(invoice, lines):
        amount = format_money(invoice.vat_amount, invoice.currency)
        sentence = f"La TVA reçue ({amount}) mêle sans doute plusieurs taux. Le montant est gardé tel quel."
        yield Reason("mixed_vat_rates", sentence, "TVA à taux multiples", is_blocking=False)


def _of_named_code(code: VatCode, invoice: PurchaseInvoice, line: InvoiceLine, *, is_alone: bool) -> Iterator[Reason]:
    vat, net = _amounts(invoice, line, is_alone=is_alone)
    if not code.is_active:
        sentence = f"Le code TVA « {code.label} » est archivé. Choisissez-en un autre."
        yield Reason("vat_code_archived", sentence, "Code TVA")
    elif vat is not None and contradicts(code, vat=vat, net=net):
        amount = format_money(vat, invoice.currency)
        sentence = (
            f"Le code « {code.label} » ne va pas avec une TVA de {amount}."
            " Le montant reçu est gardé : choisissez un autre code."
        )
        yield Reason("vat_code_contradicts", sentence, "Code TVA")
    elif vat is None and code.rate and invoice.vat_amount is None:
        sentence = f"Aucune TVA n’a été extraite, alors que le code « {code.label} » en attend."
        yield Reason("vat_not_extracted", sentence, "TVA", is_blocking=False)


def _amounts(invoice: PurchaseInvoice, line: InvoiceLine, *, is_alone: bool) -> tuple[Decimal | None, Decimal]:
    """The VAT and the net of a line, those of the document where it is alone and says nothing itself."""
    vat = line.vat_amount if line.vat_amount is not None or not is_alone else invoice.vat_amount
    return vat, line.gross_amount - (vat or 0)


def _has_mixed_rates(invoice: PurchaseInvoice, lines: Sequence[InvoiceLine]) -> bool:
    """By line where lines carry their VAT, else by the breakdown received, else by the amounts (in euros)."""
    with_vat = [(line.vat_amount, line.gross_amount) for line in lines if line.vat_amount]
    are_split = len(lines) > 1 and all(line.vat_amount is not None for line in lines)
    if len(with_vat) <= 1 and not are_split:
        rates = {Decimal(part["rate"]) for part in invoice.vat_breakdown if part.get("rate")} - {Decimal(0)}
        if rates:
            return len(rates) > 1
        with_vat = [(invoice.vat_amount, invoice.gross_amount)] if invoice.vat_amount else []
    return invoice.currency == "EUR" and any(mixes_rates(vat=vat, net=gross - vat) for vat, gross in with_vat)

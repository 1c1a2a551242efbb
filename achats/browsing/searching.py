"""The text by which a purchase is found: folded names, numbers, amounts and days, each parted by one space."""

from django.db.models import Q

from achats.models import PurchaseInvoice
from firms.folding import fold
from firms.typography import format_amount, format_day


def search_text_of(invoice: PurchaseInvoice) -> str:
    """« starbucks fa 0068 fa0068 4 85 19 08 2019 … », after a space, so that a search may ask for a word's start."""
    parts = [
        invoice.supplier_name,
        invoice.supplier.name if invoice.supplier else "",
        invoice.reference,
        fold(invoice.reference).replace(" ", ""),
        *(f"{amount:.2f} {format_amount(amount)}" for amount in _amounts(invoice)),
        format_day(invoice.issued_on),
        invoice.payment_method.label if invoice.payment_method else invoice.payment_label,
        invoice.owner_name,
        invoice.description,
        invoice.note,
        invoice.external_id,
    ]
    words = [folded for part in dict.fromkeys(parts) if (folded := fold(part))]
    return " " + " ".join(words)


def words_found(text: str, field: str = "search_text") -> Q:
    """Every word, folded, must be there: one that begins with a figure at the start of a word (5,76 is not 15,76)."""
    condition = Q()
    for word in text.split():
        if folded := fold(word):
            condition &= Q(**{f"{field}__contains": f" {folded}" if folded[0].isdigit() else folded})
    return condition


def _amounts(invoice: PurchaseInvoice) -> list:
    amounts = (invoice.gross_amount, invoice.vat_amount, invoice.net_amount, invoice.base_gross_amount)
    return [amount for amount in amounts if amount is not None]

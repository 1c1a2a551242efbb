"""Is this purchase another one again? Same reference of origin; same supplier, number and total; or the same file."""

from collections.abc import Sequence
from dataclasses import dataclass

from achats.models import Document, PurchaseInvoice, Source
from achats.turns import wait_our_turn
from firms.folding import fold
from firms.typography import format_day

SAME_ORIGIN = "Même référence d’origine"
SAME_KEY = "Même fournisseur, même numéro, même total"
SAME_FILE = "Même fichier"


@dataclass(frozen=True)
class Duplicate:
    """The purchase that `invoice` seems to repeat, and by what."""

    of: PurchaseInvoice
    same: str

    @property
    def sentence(self) -> str:
        return f"{self.same} que la facture du {format_day(self.of.issued_on)}."


def find_duplicate(invoice: PurchaseInvoice, documents: Sequence[Document]) -> Duplicate | None:
    """The oldest live purchase that `invoice` seems to repeat; None where a person or Dext allowed it.

    Two that arrive at once wait for each other here, so that the second sees the first. Must run in a transaction.
    """
    if invoice.is_duplicate_allowed:
        return None
    wait_our_turn("duplicate", invoice.company_id, compact(invoice.reference))
    if twin := _same_origin(invoice):
        return Duplicate(twin, SAME_ORIGIN)
    if twin := _same_key(invoice):
        return Duplicate(twin, SAME_KEY)
    twin = _others(invoice).filter(attachments__document__in=documents).first() if documents else None
    return Duplicate(twin, SAME_FILE) if twin else None


def compact(reference: str) -> str:
    """« FA-0068 » and « fa 0068 » are one number."""
    return fold(reference).replace(" ", "")


def _same_origin(invoice: PurchaseInvoice) -> PurchaseInvoice | None:
    """One that another source brought under the same reference: within a source the database refuses a second."""
    same = (
        _others(invoice).filter(source__in=Source.values, external_id=invoice.external_id)
        if invoice.external_id
        else None
    )
    return same.first() if same is not None else None


def _same_key(invoice: PurchaseInvoice) -> PurchaseInvoice | None:
    number = compact(invoice.reference)
    if not number or invoice.supplier_id is None:
        return None
    same = _others(invoice).filter(
        supplier_id=invoice.supplier_id, gross_amount=invoice.gross_amount, currency=invoice.currency
    )
    return next((row for row in same if row.sign == invoice.sign and compact(row.reference) == number), None)


def _others(invoice: PurchaseInvoice):
    """Live purchases of the company but this one, those held for it and those later kept beside it."""
    return (
        PurchaseInvoice.objects.filter(company_id=invoice.company_id)
        .live()
        .exclude(pk=invoice.pk)
        .exclude(duplicate_of=invoice)
        .exclude(is_duplicate_allowed=True, pk__gt=invoice.pk)
        .order_by("id")
    )

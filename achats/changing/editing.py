"""The door of every change of a purchase: its row, locked, while it may still be changed."""

from achats.models import PurchaseInvoice, Status


class InvoiceNotEditable(Exception):
    """The purchase is posted, matched or cancelled. `str()` is one French sentence."""

    def __init__(self, invoice: PurchaseInvoice, because: str) -> None:
        super().__init__(f"La facture {invoice} {because}.")
        self.invoice, self.because = invoice, because


def lock_row(invoice: PurchaseInvoice) -> PurchaseInvoice:
    """The current row of `invoice`, locked until the transaction ends; what `assess_and_store` reads comes with it."""
    rows = PurchaseInvoice.objects.select_for_update(of=("self",))
    return rows.select_related("company", "supplier", "payment_method").get(pk=invoice.pk)


def lock_editable(invoice: PurchaseInvoice, *, even_matched: bool = False) -> PurchaseInvoice:
    """`lock_row`, where it may be changed.

    Raises InvoiceNotEditable where it is posted or cancelled, or matched unless `even_matched`.
    """
    row = lock_row(invoice)
    if row.status == Status.POSTED:
        raise InvoiceNotEditable(row, "est comptabilisée : elle ne se modifie plus")
    if row.status == Status.CANCELLED:
        raise InvoiceNotEditable(row, "est annulée : elle ne se modifie plus")
    if row.settled_cents and not even_matched:
        raise InvoiceNotEditable(row, "est rapprochée avec la banque : défaites d’abord le rapprochement")
    return row

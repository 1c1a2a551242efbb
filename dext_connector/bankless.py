"""A payment that the bank should show, by a method of which nobody said from which bank account it goes."""

from achats.models import PurchaseInvoice, Status
from banking.models import PaymentMethodMapping


def bankless_warnings(invoice: PurchaseInvoice) -> list[dict[str, str]]:
    """The warning `payment_method_without_bank`, as long as the method is not mapped and nothing is matched."""
    method = invoice.payment_method
    if method is None or method.is_off_bank or invoice.settled_cents or invoice.status == Status.CANCELLED:
        return []
    if PaymentMethodMapping.objects.filter(payment_method=method).exists():
        return []
    mend = "dites lequel dans MEG."
    sentence = f"Le moyen de paiement «\u00a0{method}\u00a0» n’est rattaché à aucun compte bancaire\u00a0: {mend}"
    return [{"code": "payment_method_without_bank", "message": sentence}]

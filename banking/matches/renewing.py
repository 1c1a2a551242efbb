"""An invoice changed or is gone: what was proposed for it was proposed for another one."""

from achats.models import PurchaseInvoice
from banking.match_asking import ask_for_match
from banking.models import Match


def renew_suggestions(*, invoice: PurchaseInvoice) -> None:
    """Drop the suggestions of an invoice whose row is locked, and have its company matched on commit."""
    Match.objects.filter(invoice=invoice).suggested().delete()
    ask_for_match(company_id=invoice.company_id)

"""Where a purchase that was moved went, and who may know of it."""

from achats.models import PurchaseInvoice
from dext_connector.models import Fate, InboxItem
from firms.models import Company, User


def destination_of(invoice: PurchaseInvoice) -> InboxItem | None:
    """The reception that `invoice` became in another company, with its purchase and company."""
    rows = InboxItem.objects.select_related("company", "invoice")
    return rows.filter(moved_from__invoice=invoice, moved_from__fate=Fate.CREATED).first()


def can_see(user: User | None, company: Company) -> bool:
    return user is not None and Company.objects.visible_to(user).filter(pk=company.pk).exists()

"""The purchases that wait for somebody, with what they come to and why they wait."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.fields.json import KT

from achats.models import PurchaseInvoice, Status
from firms.models import Company

COUNTED_AT_MOST = 10_000
REASONS_SHOWN = 3


@dataclass(slots=True)
class Waiting:
    """How many purchases, their total in the currency of the books, and the reasons: (badge, how many), most first."""

    count: int = 0
    gross: Decimal = Decimal("0.00")
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNTED_AT_MOST


def waiting_purchases(company: Company) -> dict[str, Waiting]:
    """« not_ready » and « ready », of at most COUNTED_AT_MOST purchases each: one query.

    A purchase counts under its first reason only, the one that its row shows.
    """
    found = {Status.NOT_READY.value: Waiting(), Status.READY.value: Waiting()}
    of_company = PurchaseInvoice.objects.for_company(company)
    some = Q()
    for status in found:
        some |= Q(pk__in=of_company.filter(status=status).order_by().values("pk")[:COUNTED_AT_MOST])
    rows = of_company.filter(some).order_by().values("status", badge=KT("reasons__0__badge"))
    for row in rows.annotate(count=Count("pk"), gross=Sum("signed_amount", default=Decimal("0.00"))):
        waiting = found[row["status"]]
        waiting.count += row["count"]
        waiting.gross += row["gross"]
        waiting.reasons += [(row["badge"], row["count"])] if row["badge"] else []
    for waiting in found.values():
        waiting.reasons = sorted(waiting.reasons, key=lambda reason: (-reason[1], reason[0]))[:REASONS_SHOWN]
    return found

"""What « Publier » of many would do: how many of the chosen purchases are ready, and why the others are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from achats.book_obstacles import BADGES, with_book_obstacle
from achats.models import Kind, PostingRun, PurchaseInvoice, Status
from achats.posting_runs import MOST, badges_in_words
from firms.models import Company
from firms.typography import NBSP, format_count

STATUSES: dict[str, str] = {Status.POSTED: "Déjà comptabilisée", Status.CANCELLED: "Annulée"}


@dataclass(frozen=True)
class PostingChoice:
    """The chosen purchases: `ready` ids, and the first badge of each other."""

    ready: Sequence[UUID]
    others: Sequence[str]

    @property
    def title(self) -> str:
        """« Publier 9 sur 12 », « Publier 12 factures »."""
        number, total = len(self.ready), len(self.ready) + len(self.others)
        if number < total:
            return f"Publier {format_count(number)} sur {format_count(total)}"
        return f"Publier {format_count(number)}{NBSP}facture{'s' if number > 1 else ''}"

    @property
    def why_not(self) -> str:
        """« 3 ne sont pas prêtes : compte (2), doublon possible (1). »; empty where all are."""
        if not self.others:
            return ""
        number = len(self.others)
        words = "ne sont pas prêtes" if number > 1 else "n’est pas prête"
        return f"{format_count(number)} {words}{NBSP}: {badges_in_words(self.others)}."


def choice_of(rows: QuerySet[PurchaseInvoice]) -> PostingChoice:
    """At most 5,000 of `rows`, sorted in ready and not: one query."""
    named = with_book_obstacle(rows).order_by("issued_on", "pk")
    found = named.values_list("pk", "status", "reasons", "book_obstacle")[:MOST]  # type: ignore[misc] # annotated
    ready, others = [], []
    for pk, status, reasons, obstacle in found:
        if status == Status.READY:
            ready += [] if obstacle else [pk]
            others += [BADGES[obstacle]] if obstacle else []
        else:
            others.append(STATUSES.get(status) or reasons[0]["badge"])
    return PostingChoice(ready, others)


def amount_of(run: PostingRun) -> Decimal:
    """What the purchases that `run` published sum to, in the company's currency: one query."""
    rows = PurchaseInvoice.objects.filter(company=run.company_id, pk__in=run.done)
    amount = Coalesce("base_gross_amount", "gross_amount")
    signed = Case(When(kind=Kind.CREDIT_NOTE, then=-amount), default=amount)
    return rows.aggregate(total=Sum(signed))["total"] or Decimal(0)


def rows_of(company: Company, ids: Sequence[UUID]) -> QuerySet[PurchaseInvoice]:
    return PurchaseInvoice.objects.for_company(company).filter(pk__in=ids)

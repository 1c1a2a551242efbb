"""What « Publier » of many would do: how many of the chosen purchases are ready, and why the others are not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.db.models import Case, QuerySet, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from achats.books.obstacles import BADGES, with_book_obstacle
from achats.models import Kind, PostingRun, PurchaseInvoice, PurchaseInvoiceQuerySet, Status
from achats.selection.posting_runs import MOST, badges_in_words
from firms.models import Company
from firms.typography import NBSP, count_of, format_count

ROWS_A_READ = 2_000
STATUSES: dict[str, str] = {Status.POSTED: "Déjà comptabilisée", Status.CANCELLED: "Annulée"}


@dataclass(frozen=True)
class PostingChoice:
    """The chosen purchases: how many are `ready`, the others by their first badge; what is beyond MOST waits."""

    ready: int
    others: Counter[str]
    is_more: bool

    @property
    def title(self) -> str:
        """« Publier 9 sur 12 », « Publier 12 factures »."""
        if self.others:
            return f"Publier {format_count(self.ready)} sur {format_count(self.ready + self.others.total())}"
        return f"Publier {count_of(self.ready, 'facture')}"

    @property
    def why_not(self) -> str:
        """« 3 ne sont pas prêtes : compte (2), doublon possible (1). »; empty where all are."""
        if not self.others:
            return ""
        number = self.others.total()
        words = "ne sont pas prêtes" if number > 1 else "n’est pas prête"
        return f"{format_count(number)} {words}{NBSP}: {badges_in_words(self.others)}."

    @property
    def what_waits(self) -> str:
        """What is said of more than MOST; empty for fewer."""
        most = format_count(MOST)
        return f"Plus de {most}{NBSP}factures{NBSP}: les {most} plus anciennes d’abord." if self.is_more else ""


def choice_of(rows: QuerySet[PurchaseInvoice]) -> PostingChoice:
    """The MOST oldest of `rows`, counted as ready or by what stands against them: one query, read bit by bit."""
    others, ready = Counter[str](), 0
    for place, (_, why_not) in enumerate(_sorted_out(rows)):
        if place == MOST:
            return PostingChoice(ready, others, is_more=True)
        if why_not:
            others[why_not] += 1
        else:
            ready += 1
    return PostingChoice(ready, others, is_more=False)


def ready_among(rows: QuerySet[PurchaseInvoice]) -> list[UUID]:
    """Those that `choice_of` counts as ready: one query."""
    return [pk for pk, why_not in islice(_sorted_out(rows), MOST) if not why_not]


def _sorted_out(rows: QuerySet[PurchaseInvoice]) -> Iterator[tuple[UUID, str]]:
    """The oldest of `rows`, one more than MOST, each with the badge of what stands against it, "" where nothing."""
    named = with_book_obstacle(rows).order_by("issued_on", "pk")
    found = named.values_list("pk", "status", KT("reasons__0__badge"), "book_obstacle")[: MOST + 1]
    for pk, status, badge, obstacle in found.iterator(chunk_size=ROWS_A_READ):
        if status == Status.READY:
            yield pk, BADGES[obstacle] if obstacle else ""
        else:
            yield pk, STATUSES.get(status) or badge


def amount_of(run: PostingRun) -> Decimal:
    """What the purchases that `run` published sum to, in the company's currency: one query."""
    rows = PurchaseInvoice.objects.filter(company=run.company_id, pk__in=run.posted.order_by().values("invoice"))
    amount = Coalesce("base_gross_amount", "gross_amount")
    signed = Case(When(kind=Kind.CREDIT_NOTE, then=-amount), default=amount)
    return rows.aggregate(total=Sum(signed))["total"] or Decimal(0)


def rows_of(company: Company, ids: Sequence[UUID]) -> PurchaseInvoiceQuerySet:
    return PurchaseInvoice.objects.for_company(company).filter(pk__in=ids)

"""The list of purchases as an URL asks for it: tab, filters, order, page; and who stands beside an invoice in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Concat
from django.http import QueryDict

from achats.books.obstacles import SIGNALLED, signalled, with_book_obstacle
from achats.browsing.filter_conditions import filtered
from achats.browsing.filters import FilterForm
from achats.browsing.periods import within
from achats.models import (
    InvoiceComment,
    InvoiceDocument,
    InvoiceLine,
    PurchaseInvoice,
    PurchaseInvoiceQuerySet,
    Status,
    Supplier,
)
from firms.folding import fold
from firms.keys import first_key_at
from firms.models import Company
from firms.paging import KeyOrder, KeyPage, capped_count, key_page
from ledger.books import are_cash_based

PLACED_AT_MOST = 999
SUMMED_AT_MOST = 100_000
EVERYTHING = "tout"
AWAITED = "a-rapprocher"
TABS = {
    "pas-pret": ("Pas prêt", Q(status=Status.NOT_READY)),
    "pret": ("À publier", Q(status=Status.READY)),
    AWAITED: ("À rapprocher", None),
    "comptabilise": ("Comptabilisé", Q(status=Status.POSTED)),
    EVERYTHING: ("Tout", Q()),
}
# Where somebody must act; to count the others would scan them for nothing.
COUNTED_TABS = ("pas-pret", "pret", AWAITED)
SORTS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "date": ("issued_on", date.fromisoformat),
    "fournisseur": ("sort_name", str),
    "total": ("signed_amount", Decimal),
    "compte": ("sort_account", str),
}
DEFAULT_SORT = "-date"


@dataclass(frozen=True)
class Listing:
    """What the URL asks. A parameter that means nothing counts as absent."""

    company: Company
    form: FilterForm
    tab: str
    sort: str
    today: date

    @classmethod
    def from_query(cls, company: Company, query: QueryDict, *, today: date) -> Self:
        tab, sort = query.get("onglet", EVERYTHING), query.get("tri", DEFAULT_SORT)
        return cls(
            company,
            FilterForm(query, company=company, today=today),
            tab if tab in TABS else EVERYTHING,
            sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
            today,
        )

    @property
    def order(self) -> KeyOrder:
        field, read = SORTS[self.sort.removeprefix("-")]
        return KeyOrder(F(field), read, is_descending=self.sort.startswith("-"))

    @property
    def query(self) -> str:
        """What of the URL says which rows and in which order, for a saved view; without the place in them."""
        asked = {name: self.form.data.get(name, "") for name in self.form.fields} | self.form.keys
        asked |= {"onglet": self.tab if self.tab != EVERYTHING else ""}
        asked |= {"tri": self.sort if self.sort != DEFAULT_SORT else ""}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def tab_words(self) -> str:
        return TABS[self.tab][0]

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.chosen)

    @property
    def is_company_empty(self) -> bool:
        """Whether the company has no purchase at all: asked where a page is empty."""
        return not PurchaseInvoice.objects.for_company(self.company).exists()

    def nearest(self) -> tuple[UUID, str, int] | None:
        """The supplier that a search which found nothing may have meant."""
        return nearest_supplier(self.company, self.form.chosen.get("q", ""))

    def rows(self, tab: str | None = None) -> PurchaseInvoiceQuerySet:
        condition = TABS[tab or self.tab][1]
        mine = PurchaseInvoice.objects.for_company(self.company)
        chosen = dict(self.form.chosen)
        if period := chosen.pop("periode", ""):
            mine = mine.filter(within(period, company=self.company, today=self.today))
        if chosen.get("signal") in SIGNALLED:
            mine = signalled(mine, chosen.pop("signal"), company=self.company)
        return filtered(mine.unsettled() if condition is None else mine.filter(condition), chosen)

    def page(self, *, after: str = "", before: str = "") -> KeyPage:
        """The rows with what a line shows, as `shown` brings it: one query."""
        return key_page(shown(self.rows()), self.order, after=after, before=before)

    def total(self) -> dict:
        """How many, of them cancelled, and the sum of the others in the company's currency: a scan, asked for later.

        Beyond SUMMED_AT_MOST `is_more` says so, and nothing is summed.
        """
        gone = Q(status=Status.CANCELLED)
        first = self.rows().order_by().values("pk", "status", "signed_amount")[: SUMMED_AT_MOST + 1]
        total = first.aggregate(
            count=Count("pk"), cancelled=Count("pk", filter=gone), amount=Sum("signed_amount", filter=~gone)
        )
        if total["count"] <= SUMMED_AT_MOST:
            return total | {"is_more": False}
        return {"count": SUMMED_AT_MOST, "cancelled": 0, "amount": None, "is_more": True}

    def arrived_since(self, moment: datetime) -> int:
        """How many of the filter came after `moment`, counted no further than 1,000."""
        rows = self.rows().filter(pk__gt=first_key_at(moment)).order_by()
        return rows.values("pk")[: PLACED_AT_MOST + 1].count()

    def next_to_post(self, invoice: PurchaseInvoice) -> PurchaseInvoice | None:
        """The one to publish after `invoice` in this list, else the first of it: three queries at most.

        In a company in trésorerie only those that no bank line will post.
        """
        ready = self.rows().filter(status=Status.READY).exclude(pk=invoice.pk)
        if are_cash_based(self.company):
            ready = ready.awaiting_no_bank_line()
        here = self.order.applied(PurchaseInvoice.objects.filter(pk=invoice.pk)).get()
        return self.order.beyond(ready, self.order.key_of(here)).first() or self.order.applied(ready).first()

    def neighbours(self, invoice: PurchaseInvoice) -> dict:
        """`previous` and `following` ids, `place` and `of` (capped at 999) of an invoice in this list: two queries."""
        here = self.order.applied(PurchaseInvoice.objects.filter(pk=invoice.pk)).get()
        key, rows = self.order.key_of(here), self.rows()
        earlier = self.order.beyond(rows, key, backwards=True).values("pk")
        found = Company.objects.filter(pk=self.company.pk).values(
            previous=Subquery(earlier[:1]),
            following=Subquery(self.order.beyond(rows, key).values("pk")[:1]),
            place=capped_count(earlier, PLACED_AT_MOST) + 1,
            of=capped_count(rows, PLACED_AT_MOST + 1),
        )
        return dict(found.get())


def shown(rows: QuerySet[PurchaseInvoice]) -> QuerySet[PurchaseInvoice]:
    """`rows` with what a line of the list shows of them, and what the books lack for those that are ready."""
    return with_book_obstacle(told(rows))


def told(rows: QuerySet[PurchaseInvoice]) -> QuerySet[PurchaseInvoice]:
    """`rows` as a page and an export tell them: `accounts` (their words), `has_document`, `comments_count` or None."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"), account__isnull=False).order_by("position")
    words = lines.values(words=Concat("account__code", Value(" "), "account__label"))
    document = Exists(InvoiceDocument.objects.filter(invoice=OuterRef("pk")))
    comments = (
        InvoiceComment.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice").annotate(n=Count("pk"))
    )
    return (
        rows.select_related("payment_method", "company__bookkeeping")
        .defer("search_text")
        .annotate(accounts=ArraySubquery(words), has_document=document, comments_count=Subquery(comments.values("n")))
    )


def nearest_supplier(company: Company, text: str) -> tuple[UUID, str, int] | None:
    """The supplier of whose name a part looks most like `text`, and his purchases: « Essayez « Franprix » (12) »."""
    near = TrigramWordSimilarity(fold(text), "folded_name")
    found = Supplier.objects.filter(company=company).annotate(near=near).filter(near__gt=0.4).order_by("-near", "pk")
    theirs = capped_count(PurchaseInvoice.objects.filter(supplier=OuterRef("pk")), PLACED_AT_MOST)
    return found.annotate(times=theirs).values_list("pk", "name", "times").first()

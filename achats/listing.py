"""The list of purchases as an URL asks for it: tab, filters, order, page; and who stands beside an invoice in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self, cast
from uuid import UUID

from django.contrib.postgres.lookups import Unaccent
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.http import QueryDict

from achats.filters import FilterForm, filtered
from achats.models import InvoiceDocument, InvoiceLine, Kind, PurchaseInvoice, Status, Supplier
from firms.folding import fold
from firms.models import Company
from firms.paging import KeyOrder, KeyPage, capped_count, key_page

COUNTED_AT_MOST = 9_999
PLACED_AT_MOST = 999
EVERYTHING = "tout"
TABS = {
    "pas-pret": ("Pas prêt", Q(status=Status.NOT_READY)),
    "pret": ("Prêt", Q(status=Status.READY)),
    "a-rapprocher": ("À rapprocher", None),
    EVERYTHING: ("Tout", Q()),
}
SIGNED = Case(
    When(kind=Kind.CREDIT_NOTE, then=-F("gross_amount")),
    default=F("gross_amount"),
    output_field=DecimalField(max_digits=14, decimal_places=2),
)
FIRST_ACCOUNT = Coalesce(
    Subquery(InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by("position").values("account__code")[:1]),
    Value(""),
)
SORTS: dict[str, tuple[Any, Callable[[str], Any]]] = {
    "date": (F("issued_on"), date.fromisoformat),
    "fournisseur": (Unaccent(Lower("supplier_name")), str),
    "total": (SIGNED, Decimal),
    "compte": (FIRST_ACCOUNT, str),
}
DEFAULT_SORT = "-date"


@dataclass(frozen=True)
class Listing:
    """What the URL asks. A parameter that means nothing counts as absent."""

    company: Company
    form: FilterForm
    tab: str
    sort: str

    @classmethod
    def from_query(cls, company: Company, query: QueryDict, *, today: date) -> Self:
        tab, sort = query.get("onglet", EVERYTHING), query.get("tri", DEFAULT_SORT)
        return cls(
            company,
            FilterForm(query, company=company, today=today),
            tab if tab in TABS else EVERYTHING,
            sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        )

    @property
    def order(self) -> KeyOrder:
        expression, read = SORTS[self.sort.removeprefix("-")]
        return KeyOrder(expression, read, is_descending=self.sort.startswith("-"))

    @property
    def tab_words(self) -> str:
        return TABS[self.tab][0]

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.chosen)

    def rows(self, tab: str | None = None) -> QuerySet[PurchaseInvoice]:
        condition = TABS[tab or self.tab][1]
        mine = PurchaseInvoice.objects.for_company(self.company)
        return filtered(mine.unsettled() if condition is None else mine.filter(condition), self.form.chosen)

    def page(self, *, after: str = "", before: str = "") -> KeyPage:
        """The rows with what a line shows: their accounts in one more query, and whether a document is there."""
        lines = InvoiceLine.objects.select_related("account").order_by("position")
        rows = (
            self.rows()
            .select_related("payment_method", "company__bookkeeping")
            .prefetch_related(Prefetch("lines", lines))
            .annotate(has_document=Exists(InvoiceDocument.objects.filter(invoice=OuterRef("pk"))))
        )
        return key_page(rows, self.order, after=after, before=before)

    def counts(self) -> dict[str, int]:
        """How many stand in each tab under the same filters, counted no further than 10,000: one query."""
        tabs = {tab.replace("-", "_"): capped_count(self.rows(tab), COUNTED_AT_MOST + 1) for tab in TABS}
        return cast(dict[str, int], Company.objects.filter(pk=self.company.pk).values(**tabs).get())

    def total(self) -> dict:
        """How many, and their sum in the company's currency: a scan, asked for after the page stands."""
        amount = Coalesce("base_gross_amount", "gross_amount")
        signed = Case(When(kind=Kind.CREDIT_NOTE, then=-amount), default=amount)
        return self.rows().exclude(status=Status.CANCELLED).aggregate(count=Count("pk"), amount=Sum(signed))

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


def nearest_supplier(company: Company, text: str) -> tuple[UUID, str] | None:
    """The supplier whose name looks most like `text`: « Essayez … » where a search found nothing."""
    near = TrigramSimilarity("folded_name", fold(text))
    found = Supplier.objects.filter(company=company).annotate(near=near).filter(near__gt=0.3).order_by("-near", "pk")
    return found.values_list("pk", "name").first()

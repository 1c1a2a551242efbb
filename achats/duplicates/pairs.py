"""The pairs of purchases that look like one, one pair at a time, and what tells the two apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, QuerySet, Subquery

from achats.duplicates.deciding import why_not_cancelled
from achats.models import InvoiceDocument, InvoiceLine, PurchaseInvoice
from firms.models import Company
from firms.paging import capped_count
from firms.typography import NOTHING, format_day, format_money

COUNTED_AT_MOST = 999


@dataclass(frozen=True)
class Difference:
    """A field of both, as a person reads it."""

    words: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True)
class Pair:
    """`second` seems to repeat `first`, which came before it."""

    first: PurchaseInvoice
    second: PurchaseInvoice

    @cached_property
    def rows(self) -> list[Difference]:
        told = [(told_of(self.first)), (told_of(self.second))]
        return [Difference(words, told[0][words], told[1][words]) for words in told[0]]

    @property
    def why(self) -> str:
        """« Même fichier que la facture du 12/08/2019. »"""
        told = (reason["message"] for reason in self.second.reasons if reason["code"] == "suspected_duplicate")
        return next(told, "Ces deux factures se ressemblent.")

    @property
    def is_same_file(self) -> bool:
        files = [{row.document_id for row in invoice.attachments.all()} for invoice in (self.first, self.second)]
        return bool(files[0] & files[1])

    @property
    def first_stays_because(self) -> str:
        """Why the first cannot be cancelled; "" where it can."""
        return why_not_cancelled(self.first)

    @property
    def second_stays_because(self) -> str:
        return why_not_cancelled(self.second)


@dataclass(frozen=True)
class PairPage:
    """A pair in its queue; `pair` is None where none is left."""

    pair: Pair | None
    place: int = 0
    of: int = 0
    previous: UUID | None = None
    following: UUID | None = None


def pair_page(company: Company, second_id: UUID | None = None) -> PairPage:
    """The pair whose second is `second_id`, else the first one after it, else the oldest: five queries."""
    mine = PurchaseInvoice.objects.for_company(company).suspected()
    second = _first(mine.filter(pk__gte=second_id)) if second_id else None
    second = second or _first(mine)
    if second is None or second.duplicate_of is None:
        return PairPage(None)
    earlier, later = mine.filter(pk__lt=second.pk), mine.filter(pk__gt=second.pk)
    around = Company.objects.filter(pk=company.pk).values(
        place=capped_count(earlier, COUNTED_AT_MOST) + 1,
        of=capped_count(mine, COUNTED_AT_MOST + 1),
        previous=Subquery(earlier.order_by("-pk").values("pk")[:1]),
        following=Subquery(later.order_by("pk").values("pk")[:1]),
    )
    return PairPage(Pair(second.duplicate_of, second), **around.get())


def _first(rows: QuerySet[PurchaseInvoice]) -> PurchaseInvoice | None:
    return (
        rows.select_related("supplier", "payment_method", "duplicate_of__supplier", "duplicate_of__payment_method")
        .prefetch_related(*_around(""), *_around("duplicate_of__"))
        .order_by("pk")
        .first()
    )


def _around(path: str) -> Iterable[Prefetch]:
    documents = InvoiceDocument.objects.select_related("document").order_by("position")
    lines = InvoiceLine.objects.select_related("account", "vat_code").order_by("position")
    return Prefetch(f"{path}attachments", documents), Prefetch(f"{path}lines", lines)


def told_of(invoice: PurchaseInvoice) -> dict[str, str]:
    """What is compared, in words."""
    lines = list(invoice.lines.all())
    files = [row.document.filename for row in invoice.attachments.all()]
    return {
        "Fournisseur": invoice.supplier_name,
        "N° de facture": invoice.reference or NOTHING,
        "Type": invoice.get_kind_display(),
        "Date": format_day(invoice.issued_on),
        "Échéance": format_day(invoice.due_on),
        "Total TTC": format_money(invoice.gross_amount, invoice.currency),
        "TVA": format_money(invoice.vat_amount, invoice.currency),
        "Compte": ", ".join(dict.fromkeys(str(line.account) for line in lines if line.account)) or NOTHING,
        "Paiement": invoice.payment_label or str(invoice.payment_method or NOTHING),
        "Règlement": invoice.get_settlement_display(),
        "Statut": invoice.get_status_display(),
        "Pièce": ", ".join(files) or NOTHING,
        "Note": invoice.note or NOTHING,
    }

"""What stands against the entry of a purchase that is ready: told on its line, before anybody publishes it.

The same as `entry_planning` says on its page, but for a payer whose account lacks, and for a line without VAT code
whose share of the VAT would round to nothing.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, JSONObject

from achats.books.entry_planning import AWAITS_SETTLEMENT, OWED_ACCOUNTS, Obstacle
from achats.models import InvoiceLine, PurchaseInvoice, PurchaseInvoiceQuerySet, Status
from firms.models import Company
from firms.typography import format_day, format_money
from ledger.models import Account, AccountingMode, FiscalYear, Journal, VatRegime
from ledger.opening import PURCHASES

YEAR, JOURNAL, ACCOUNTS = "no_fiscal_year", "journal_missing", "ledger_account_missing"
LINES, LINES_VAT, VAT_CODE, NOTHING = "lines_differ", "lines_vat_differ", "vat_code_missing", "nothing_to_post"
BADGES = {
    YEAR: "Exercice",
    JOURNAL: "Journal",
    ACCOUNTS: "Compte",
    AWAITS_SETTLEMENT: "En attente de règlement",
    LINES: "Lignes",
    LINES_VAT: "TVA",
    VAT_CODE: "Code TVA",
    NOTHING: "Total nul",
}
# What the list is filtered by, as its other signals are.
SIGNALLED = {
    LINES: (LINES, LINES_VAT),
    VAT_CODE: (VAT_CODE,),
    YEAR: (YEAR,),
    "books_incomplete": (JOURNAL, ACCOUNTS),
}
OF_BOOKS = {YEAR, JOURNAL, ACCOUNTS}
CENT = Decimal("0.01")


def with_book_obstacle(rows: QuerySet[PurchaseInvoice]) -> QuerySet[PurchaseInvoice]:
    """`rows` with `book_obstacle`, what stands against the entry of each that is ready, "" where nothing.

    No query more: `posted_on` and `lines_told` (their totals) come with it, for its sentence.
    """
    told = Subquery(_summed_lines().values(told=_told()))
    named = _named(rows, {"company": OuterRef("company")}, are_lines_read=True)
    return named.annotate(posted_on=F("posted_on"), lines_told=told, book_obstacle=F("book_obstacle"))


def _named(rows: Any, whose: dict, *, are_lines_read: bool) -> Any:
    """`rows` with the aliases `posted_on`, the day of the entry, and `book_obstacle`, of the books and of the lines."""
    opens_on = Cast(F("company__bookkeeping__locked_until") + Value(timedelta(days=1)), DateField())
    of_amounts = Coalesce(Subquery(_summed_lines().values(why=_of_amounts())), Value(""))
    dated = rows.alias(posted_on=Greatest(F("issued_on"), opens_on), of_amounts=of_amounts)
    needs_no_code = Q(company__bookkeeping__vat_regime=VatRegime.EXEMPT, of_amounts=VAT_CODE)
    of_lines: list = [When(needs_no_code, then=Value("")), F("of_amounts")] if are_lines_read else [Value("")]
    whens = [When(~Q(status=Status.READY), then=Value("")), *_of_books(whose), *of_lines[:-1]]
    return dated.alias(book_obstacle=Case(*whens, default=of_lines[-1], output_field=CharField()))


def _of_books(whose: dict) -> list[When]:
    """What the books lack; in a company in trésorerie, whether a bank line is awaited."""
    is_cash = Q(company__bookkeeping__accounting_mode=AccountingMode.CASH)
    years = FiscalYear.objects.filter(starts_on__lte=OuterRef("posted_on"), ends_on__gte=OuterRef("posted_on"), **whose)
    journals = Journal.objects.filter(code=PURCHASES, **whose)
    accounts = Account.objects.filter(code__in=OWED_ACCOUNTS, **whose).order_by()
    counted = accounts.values("company").annotate(number=Count("pk")).values("number")
    return [
        When(is_cash & ~Q(is_settled_off_bank=True) & ~Q(gross_amount=0), then=Value(AWAITS_SETTLEMENT)),
        When(~is_cash & ~Exists(years), then=Value(YEAR)),
        When(~is_cash & ~Exists(journals), then=Value(JOURNAL)),
        When(~is_cash & ~Exists(counted.filter(number=len(OWED_ACCOUNTS))), then=Value(ACCOUNTS)),
    ]


def _summed_lines() -> Any:
    """The lines of a purchase in one row: their totals, how many say no VAT, how many that bear some have no code."""
    says, coded = Q(vat_amount__isnull=False), Q(vat_code__isnull=False)
    of_one = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    return of_one.annotate(
        total=Sum("gross_amount"),
        known=Coalesce(Sum("vat_amount"), Value(Decimal(0))),
        number=Count("pk"),
        heavy=Count("pk", filter=~Q(gross_amount=0)),
        silent=Count("pk", filter=~says),
        uncoded=Count("pk", filter=~coded & ~Q(vat_amount=0) & says),
        uncoded_silent=Count("pk", filter=~coded & ~says),
    )


def _told() -> JSONObject:
    return JSONObject(total=Cast("total", TextField()), vat=Cast("known", TextField()))


def _of_amounts() -> Case:
    """As `entry_planning._of_amounts`: what silent lines can take of the VAT is no gap."""
    most, vat = F("number") * CENT, OuterRef("vat_amount")
    lacks = Q(known__gt=vat + most) | Q(silent=0, known__lt=vat - most)
    bears = Q(uncoded__gt=0) | (Q(uncoded_silent__gt=0) & (Q(known__lt=vat) | Q(known__gt=vat)))
    return Case(
        When(~Q(total=OuterRef("gross_amount")), then=Value(LINES)),
        When(lacks, then=Value(LINES_VAT)),
        When(bears, then=Value(VAT_CODE)),
        When(heavy=0, known=0, then=Value(NOTHING)),
        default=Value(""),
    )


def signalled(rows: PurchaseInvoiceQuerySet, signal: str, *, company: Company) -> PurchaseInvoiceQuerySet:
    """Those of `rows`, which are of `company`, that a signal of SIGNALLED names.

    What its books have is asked once, not by row; the lines are read where the signal is about them.
    """
    codes = set(SIGNALLED[signal])
    ready = _named(rows.filter(status=Status.READY), {"company": company}, are_lines_read=not codes <= OF_BOOKS)
    return ready.filter(book_obstacle__in=codes)


def book_obstacle_of(row: PurchaseInvoice) -> Obstacle | None:
    """Of a row that came `with_book_obstacle`, the sentence; None where nothing lacks, or where nobody asked."""
    code = getattr(row, "book_obstacle", "")
    if not code:
        return None
    return Obstacle(LINES if code == LINES_VAT else code, _sentence_of(row, code), BADGES[code])


def _sentence_of(row: Any, code: str) -> str:
    told = row.lines_told or {}
    total, vat = (format_money(Decimal(told.get(name) or 0), row.currency) for name in ("total", "vat"))
    sentences = {
        YEAR: f"Aucun exercice du dossier ne contient le {format_day(row.posted_on)} : ouvrez-le, ou changez la date.",
        JOURNAL: f"Le journal {PURCHASES} manque au dossier : ajoutez-le.",
        AWAITS_SETTLEMENT: "Dossier en trésorerie : l’écriture se passera au règlement.",
        ACCOUNTS: "Un compte de TVA ou de fournisseurs manque au plan comptable du dossier.",
        LINES: f"Les lignes font {total}, la facture {format_money(row.gross_amount, row.currency)}.",
        LINES_VAT: f"Les lignes portent {vat} de TVA, la facture {format_money(row.vat_amount, row.currency)}.",
        NOTHING: "Aucun montant : il n’y a rien à comptabiliser.",
        VAT_CODE: "Une TVA est reçue sans code : choisissez le code TVA, il dit si elle se déduit.",
    }
    return sentences[code]

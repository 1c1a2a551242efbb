"""What the books of a company lack for a purchase that is ready: told on its line, before anybody publishes it.

The rest that stands against an entry is in `entry_planning`, and on the page of the purchase.
"""

from datetime import timedelta

from django.db.models import Case, CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Greatest

from achats.entry_planning import AWAITS_SETTLEMENT, OWED_ACCOUNTS, Obstacle
from achats.models import PurchaseInvoice
from firms.typography import format_day
from ledger.models import Account, AccountingMode, FiscalYear, Journal
from ledger.opening import PURCHASES

YEAR, JOURNAL, ACCOUNTS = "no_fiscal_year", "journal_missing", "ledger_account_missing"
BADGES = {YEAR: "Exercice", JOURNAL: "Journal", ACCOUNTS: "Compte", AWAITS_SETTLEMENT: "En attente de règlement"}


def with_book_obstacle(rows: QuerySet[PurchaseInvoice]) -> QuerySet[PurchaseInvoice]:
    """`rows` with `book_obstacle`, what the books lack to take each now, "" where nothing: no query more."""
    locked_until = F("company__bookkeeping__locked_until")
    opens_on = Cast(locked_until + Value(timedelta(days=1)), DateField())
    is_cash, mine = Q(company__bookkeeping__accounting_mode=AccountingMode.CASH), {"company": OuterRef("company")}
    years = FiscalYear.objects.filter(starts_on__lte=OuterRef("posted_on"), ends_on__gte=OuterRef("posted_on"), **mine)
    journals = Journal.objects.filter(code=PURCHASES, **mine)
    accounts = Account.objects.filter(code__in=OWED_ACCOUNTS, **mine).order_by()
    counted = accounts.values("company").annotate(number=Count("pk")).values("number")
    has_all = Exists(counted.filter(number=len(OWED_ACCOUNTS)))
    return rows.annotate(posted_on=Greatest(F("issued_on"), opens_on)).annotate(
        book_obstacle=Case(
            When(is_cash & (Q(is_settled_off_bank=True) | Q(gross_amount=0)), then=Value("")),
            When(is_cash, then=Value(AWAITS_SETTLEMENT)),
            When(~Exists(years), then=Value(YEAR)),
            When(~Exists(journals), then=Value(JOURNAL)),
            When(~has_all, then=Value(ACCOUNTS)),
            default=Value(""),
            output_field=CharField(),
        )
    )


def book_obstacle_of(row: PurchaseInvoice) -> Obstacle | None:
    """Of a row that came `with_book_obstacle`, the sentence; None where nothing lacks, or where nobody asked."""
    sentences = {
        YEAR: "Aucun exercice du dossier ne contient le {day} : ouvrez-le, ou changez la date.",
        JOURNAL: f"Le journal {PURCHASES} manque au dossier : ajoutez-le.",
        AWAITS_SETTLEMENT: "Dossier en trésorerie : l’écriture se passera au règlement.",
        ACCOUNTS: "Un compte de TVA ou de fournisseurs manque au plan comptable du dossier.",
    }
    code = getattr(row, "book_obstacle", "")
    if not code:
        return None
    day = format_day(row.posted_on)  # type: ignore[attr-defined] # annotated with it
    return Obstacle(code, sentences[code].format(day=day), BADGES[code])

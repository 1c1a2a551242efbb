"""What waits in a company, counted: live for its own page, kept in CompanyCounters for the page of its firm."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import batched
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable

from achats.models import PurchaseInvoice, Status
from banking.accounts.freshness import known_until
from banking.models import ASKING, BankAccount, ImportState, Match, MatchState, StatementImport
from desk.models import CompanyCounters
from dext_connector.models import Fate, InboxItem
from firms.keys import first_key_at
from firms.models import Company, CompanyQuerySet, Event
from firms.paging import capped_count

WEEK = timedelta(days=7)
COUNTED_AT_MOST = 10_000
# A transaction may commit rows a while after it made their keys.
MARGIN = timedelta(minutes=1)
# What changes without a row of its own, as a refusal that grows old, is found again.
RECOUNTED_AFTER = timedelta(hours=1)
COMPANIES_AT_ONCE = 100
COMPANIES_OF_A_RUN = 2_000
WAITING = (Status.NOT_READY, Status.READY)


def live_counts(*, since: datetime) -> dict[str, Combinable]:
    """Columns for `values` of companies: what is to match, matched and unread, and refused by Dext `since` then."""
    purchases = PurchaseInvoice.objects.filter(company=OuterRef("pk"))
    unread = Match.objects.filter(company=OuterRef("pk"), state=MatchState.AUTO)
    return {
        "to_match": _capped(purchases.unsettled()),
        "unread": _capped(unread),
        "refused": _capped(_received(Fate.REFUSED, since)),
    }


def _received(fate: Fate, since: datetime):
    """By key, which the index of the journal bears, and by moment."""
    newer = {"received_at__gte": since, "pk__gte": first_key_at(since)}
    return InboxItem.objects.filter(company=OuterRef("pk"), fate=fate, **newer)


def _imports_to_mend(since: datetime):
    """Refused in the week, with nothing imported since; or standing until somebody answers."""
    imports = StatementImport.objects.filter(company=OuterRef("pk"))
    later = StatementImport.objects.filter(company=OuterRef("company"), pk__gt=OuterRef("pk"), state=ImportState.DONE)
    refused = Q(~Exists(later), state=ImportState.REFUSED, at__gte=since)
    return imports.filter(refused | Q(state__in=ASKING))


def _kept_counts(*, since: datetime) -> dict[str, Combinable]:
    purchases = PurchaseInvoice.objects.filter(company=OuterRef("pk"))
    waiting = purchases.filter(status__in=WAITING).order_by("created_at").values("created_at")
    accounts = BankAccount.objects.filter(company=OuterRef("pk"))
    known = (
        accounts.annotate(known_until=known_until())
        .exclude(known_until=None)
        .order_by("known_until")
        .values("known_until")
    )
    deeds = Event.objects.filter(company=OuterRef("pk"), by__isnull=False).order_by("-id").values("at")
    return live_counts(since=since) | {
        "not_ready": _capped(purchases.filter(status=Status.NOT_READY)),
        "ready": _capped(purchases.filter(status=Status.READY)),
        "failed": _capped(_received(Fate.FAILED, since)),
        "imports_to_mend": _capped(_imports_to_mend(since)),
        "waiting_since": Subquery(waiting[:1]),
        "bank_account_count": _capped(accounts),
        "bank_known_until": Subquery(known[:1]),
        "last_deed_at": Subquery(deeds[:1]),
    }


def _capped(rows) -> Combinable:
    return capped_count(rows, COUNTED_AT_MOST)


def count_companies(*, company_ids: Iterable[UUID], at: datetime) -> int:
    """Count what waits in each and keep it; → how many. Two queries for each COMPANIES_AT_ONCE; twice is once."""
    counts = _kept_counts(since=at - WEEK)
    number = 0
    for some in batched(sorted(company_ids), COMPANIES_AT_ONCE, strict=False):
        rows = [
            CompanyCounters(counted_at=at, seen_until=first_key_at(at - MARGIN), **row)
            for row in Company.objects.filter(pk__in=some).order_by("pk").values(company_id=F("pk"), **counts)
        ]
        CompanyCounters.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["company"],
            update_fields=["counted_at", "seen_until", *counts],
        )
        number += len(rows)
    return number


def companies_with_news(*, at: datetime) -> CompanyQuerySet:
    """Those never counted, counted an hour ago, or in which something happened since; the longest left first."""
    since = {"company": OuterRef("pk"), "pk__gte": OuterRef("counters__seen_until")}
    news = Exists(Event.objects.filter(**since)) | Exists(InboxItem.objects.filter(**since))
    left = Q(counters=None) | Q(counters__counted_at__lt=at - RECOUNTED_AFTER) | Q(news)
    found = Company.objects.filter(left, is_active=True).order_by("counters__counted_at", "pk")
    return found[:COMPANIES_OF_A_RUN]

"""« Réceptions Dext »: what came for a company, as accountants look for it: tab, search, page, what is new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import F
from django.http import QueryDict

from achats.browsing.searching import words_found
from dext_connector.models import Fate, InboxItem, InboxItemQuerySet
from dext_connector.receptions.visits import note_visit, unread_from, visit_columns
from firms.models import Company, User
from firms.paging import KeyOrder, KeyPage, capped_count, key_page

NEWEST = KeyOrder(F("id"), UUID, is_descending=True)
ALL = "toutes"
TABS = {
    "": "Toutes",
    Fate.CREATED: "Créées",
    Fate.REPUBLISHED: "Republiées",
    Fate.REPLAYED: "Rejouées",
    Fate.REFUSED: "Refusées",
    Fate.FAILED: "Échecs",
}
BADGES = {
    Fate.CREATED: "done",
    Fate.REPUBLISHED: "done",
    Fate.REPLAYED: "mute",
    Fate.REFUSED: "error",
    Fate.FAILED: "error",
}
COUNTED_AT_MOST = 9_999
FIRST_AT_MOST = 20


@dataclass(frozen=True)
class Reception:
    """One row of the page: the reception, its badge, the sentence shown in Dext, whether it is new to who looks."""

    row: InboxItem
    badge: str
    message: str
    is_unread: bool


@dataclass(frozen=True)
class Journal:
    """What the URL asks of a company's receptions. A parameter that means nothing counts as absent."""

    company: Company
    user: User
    fate: str
    search: str

    @classmethod
    def from_query(cls, company: Company, user: User, query: QueryDict) -> Self:
        fate = query.get("sort", "")
        search = query.get("q", "").replace("\0", "").strip()[:100]
        return cls(company, user, fate if fate in TABS else "", search)

    def rows(self, fate: str | None = None) -> InboxItemQuerySet:
        """The receptions of one tab (that of the URL where none is named) that answer to the search."""
        rows = InboxItem.objects.for_company(self.company)
        if name := self.fate if fate is None else fate:
            rows = rows.filter(fate=name)
        return rows.filter(words_found(self.search)) if self.search else rows

    def page(self, reading: "Reading", *, after: str = "", before: str = "") -> KeyPage:
        """The rows, newest first; on the first page, before them, the refusals that are new: at most two queries."""
        rows = self.rows().with_what_followed().select_related("invoice", "by")
        first = list(self._unread(rows, reading)) if not (after or before or self.fate or self.search) else []
        page = key_page(rows.exclude(pk__in=[row.pk for row in first]), NEWEST, after=after, before=before)
        return KeyPage([*first, *page.rows], page.before, page.after)

    def read(self, *, at: datetime) -> "Reading":
        """How many stand in each tab, and what is new to the user: one query, and the visit is noted."""
        counts = {f"in_{name or ALL}": capped_count(self.rows(name), COUNTED_AT_MOST + 1) for name in TABS}
        visit = visit_columns(self.user, self.company)
        found: dict[str, Any] = dict(Company.objects.filter(pk=self.company.pk).values(**counts, **visit).get())
        visited_at, unread_since = found["visited_at"], found["unread_since"]
        since = unread_from(visited_at=visited_at, unread_since=unread_since, at=at)
        note_visit(user=self.user, company=self.company, visited_at=visited_at, unread_since=since, at=at)
        return Reading({name: found[f"in_{name or ALL}"] for name in TABS}, since)

    def _unread(self, rows: InboxItemQuerySet, reading: "Reading") -> InboxItemQuerySet:
        unanswered = rows.unanswered()
        new = unanswered.filter(received_at__gt=reading.since) if reading.since else unanswered
        return new.order_by("-id")[:FIRST_AT_MOST]


@dataclass(frozen=True)
class Reading:
    """What each tab holds (at most 10,000), and since when receptions are new (None: all of them)."""

    counts: dict[str, int]
    since: datetime | None

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        return [(name, words, self.counts[name]) for name, words in TABS.items()]

    def shown(self, row: InboxItem) -> Reception:
        waits = row.fate in (Fate.REFUSED, Fate.FAILED) and not row.is_overtaken
        is_unread = waits and (self.since is None or row.received_at > self.since)
        badge = BADGES[Fate(row.fate)] if waits or row.fate in (Fate.CREATED, Fate.REPLAYED) else "mute"
        return Reception(row, badge, row.answer.get("message", ""), is_unread)


def elsewhere(user: User, company: Company, search: str) -> list[Company]:
    """Up to three other companies that `user` may see and to which Dext sent what is looked for: one query."""
    others = Company.objects.visible_to(user).exclude(pk=company.pk)
    found = InboxItem.objects.filter(words_found(search), company__in=others)
    return list(Company.objects.filter(pk__in=found.values("company")).order_by("code")[:3])

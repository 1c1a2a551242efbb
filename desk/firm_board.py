"""The companies of a firm with what waits in each, as its dashboard lists, filters, sorts and sums them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.lookups import Unaccent
from django.db.models import Count, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Lower

from banking.accounts.freshness import LATE_AFTER
from desk.firm_alerts import alert_columns, any_alert
from dext_connector.models import NoticeKind
from firms.models import Company, Firm, User
from firms.paging import KeyOrder, KeyPage, key_page

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
EVERY_COMPANY = "tous"
OWN_COMPANIES = "a-moi"
VIEWS = {
    OWN_COMPANIES: "À moi",
    EVERY_COMPANY: "Tous",
    "a-faire": "À faire",
    "refus": "Refus et échecs",
    "connexions": "Connexions qui finissent",
    "releves": "Relevés en retard",
    "alertes": "Alertes",
}
NUMBERS = ("not_ready", "ready", "to_match", "unread", "refused", "failed")
# How long the oldest purchase of a company waits: words, and days from … to …
AGES = {
    "Moins de 7 jours": (0, 7),
    "De 7 à 30 jours": (7, 30),
    "De 1 à 3 mois": (30, 90),
    "Plus de 3 mois": (90, 100_000),
}


def _number(name: str) -> Coalesce:
    return Coalesce(f"counters__{name}", 0)


SORTS: dict[str, tuple[Any, Callable[[str], Any]]] = {
    "attente": (Coalesce("counters__waiting_since", Value(NEVER)), datetime.fromisoformat),
    "dossier": (Unaccent(Lower("name")), str),
    "code": (F("code"), str),
    "pas-pret": (_number("not_ready"), int),
    "publier": (_number("ready"), int),
    "rapprocher": (_number("to_match"), int),
    "relire": (_number("unread"), int),
    "refus": (_number("refused") + _number("failed"), int),
    "dext": (Coalesce("dext_connection__expires_at", Value(NEVER)), datetime.fromisoformat),
    "banque": (Coalesce("counters__bank_known_until", Value(NEVER.date())), date.fromisoformat),
    "geste": (Coalesce("counters__last_deed_at", Value(LONG_AGO)), datetime.fromisoformat),
}
DEFAULT_SORT = "attente"


@dataclass(frozen=True)
class FirmBoard:
    """What the URL asks of the dashboard of `firm`, for `user`, at `now`. What means nothing counts as absent."""

    firm: Firm
    user: User
    now: datetime
    view: str = EVERY_COMPANY
    sort: str = DEFAULT_SORT
    words: str = ""

    @cached_property
    def companies(self) -> QuerySet[Company]:
        """The active ones of the firm of which the user may know, found by the words."""
        mine = Company.objects.visible_to(self.user).filter(firm=self.firm, is_active=True)
        return mine.telling_whose(self.user).search(self.words)

    @property
    def conditions(self) -> dict[str, Q]:
        """What each view keeps."""
        ends = self.now + timedelta(days=NoticeKind.MONTH)
        return {
            OWN_COMPANIES: Q(is_theirs=True),
            EVERY_COMPANY: Q(),
            "a-faire": Q(counters__not_ready__gt=0) | Q(counters__ready__gt=0) | Q(counters__to_match__gt=0),
            "refus": Q(counters__refused__gt=0) | Q(counters__failed__gt=0),
            "connexions": Q(dext_connection__disconnected_at=None, dext_connection__expires_at__lte=ends),
            "releves": Q(counters__bank_known_until__lt=self.now.date() - LATE_AFTER),
            "alertes": any_alert(self.now),
        }

    def sums(self) -> dict:
        """One query: by view how many (`in_…`), by age (`age_…`), the sums of this view, its alerts, when counted.

        The alerts and ages are of one's own companies where these are shown, else of all.
        """
        shown = self.conditions[self.view]
        ages = {f"age_{place}": self._aged(*days) for place, days in enumerate(AGES.values())}
        views = {f"in_{name.replace('-', '_')}": self._many(kept) for name, kept in self.conditions.items()}
        numbers = {name: Sum(f"counters__{name}", filter=shown, default=0) for name in NUMBERS}
        return self.companies.aggregate(
            **(views | ages | numbers | alert_columns(now=self.now, among=self.scope)),
            counted_at=Min("counters__counted_at"),
            uncounted=self._many(Q(counters=None)),
        )

    @property
    def scope(self) -> Q:
        return self.conditions[OWN_COMPANIES] if self.view == OWN_COMPANIES else Q()

    def _many(self, kept: Q) -> Count:
        return Count("pk", filter=kept) if kept else Count("pk")

    def _aged(self, least: int, most: int) -> Count:
        older, younger = self.now - timedelta(days=most), self.now - timedelta(days=least)
        aged = Q(counters__waiting_since__gt=older, counters__waiting_since__lte=younger)
        return Count("pk", filter=aged & self.scope)

    @property
    def order(self) -> KeyOrder:
        expression, read = SORTS[self.sort.removeprefix("-")]
        return KeyOrder(expression, read, is_descending=self.sort.startswith("-"))

    def page(self, *, after: str = "", before: str = "") -> KeyPage:
        """The companies with their counters and their connection: one query."""
        rows = self.companies.filter(self.conditions[self.view]).select_related("counters", "dext_connection")
        return key_page(rows, self.order, after=after, before=before)

"""What presses in the companies of a firm: the first ones by name, and how many there are, inside one aggregate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, F, Func, JSONField, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from banking.accounts.freshness import LATE_AFTER
from firms.typography import count_of, format_day

SHOWN = 3
WEEK = timedelta(days=7)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence about one company, and the address of what it is about."""

    company: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`kept` finds the companies at a moment; `told` is what the sentence needs, the least or the most of it first."""

    name: str
    kept: Callable[[datetime], Q]
    told: str
    is_most_first: bool
    sentence: Callable[[Row, datetime], str]
    page: str
    query: str = ""


def _ends(now: datetime) -> Q:
    return Q(dext_connection__disconnected_at=None, dext_connection__expires_at__lte=now + WEEK)


def _connection(row: Row, now: datetime) -> str:
    ends = datetime.fromisoformat(row["told"])
    days = (timezone.localdate(ends) - timezone.localdate(now)).days
    if ends <= now:
        return f"la connexion Dext est finie depuis le {format_day(timezone.localdate(ends))}"
    when = "aujourd’hui" if not days else "demain" if days == 1 else f"dans {days}\u00a0jours"
    return f"la connexion Dext finit {when}"


def _late(row: Row, now: datetime) -> str:
    known = datetime.fromisoformat(row["told"]).date()
    return f"un relevé manque depuis {count_of((timezone.localdate(now) - known).days, 'jour', 'jours')}"


def _numbered(one: str, many: str) -> Callable[[Row, datetime], str]:
    return lambda row, _: count_of(row["told"], one, many)


KINDS = [
    Kind("dext", _ends, "dext_connection__expires_at", False, _connection, "dext_connector:connection"),
    Kind(
        "failed",
        lambda now: Q(counters__failed__gt=0),
        "counters__failed",
        True,
        _numbered("réception en échec cette semaine", "réceptions en échec cette semaine"),
        "dext_connector:receipts",
        "?sort=failed",
    ),
    Kind(
        "imports",
        lambda now: Q(counters__imports_to_mend__gt=0),
        "counters__imports_to_mend",
        True,
        _numbered("import de relevé à reprendre", "imports de relevés à reprendre"),
        "banking:imports",
    ),
    Kind(
        "refused",
        lambda now: Q(counters__refused__gt=0),
        "counters__refused",
        True,
        _numbered("refus de Dext cette semaine", "refus de Dext cette semaine"),
        "dext_connector:receipts",
        "?sort=refused",
    ),
    Kind(
        "bank",
        lambda now: Q(counters__bank_known_until__lt=timezone.localdate(now) - LATE_AFTER),
        "counters__bank_known_until",
        False,
        _late,
        "banking:imports",
    ),
]


def any_alert(now: datetime) -> Q:
    """The companies about which something presses."""
    found = Q()
    for kind in KINDS:
        found |= kind.kept(now)
    return found


def alert_columns(*, now: datetime, among: Q) -> dict[str, Combinable]:
    """Columns for an aggregate of companies: by kind the first SHOWN `among` them, and their number."""
    columns: dict[str, Combinable] = {}
    for kind in KINDS:
        kept = kind.kept(now) & among
        columns[f"alerts_{kind.name}"] = Count("pk", filter=kept)
        columns[f"first_{kind.name}"] = _first(kind, kept)
    return columns


def _first(kind: Kind, kept: Q) -> Func:
    order = F(kind.told).desc() if kind.is_most_first else F(kind.told).asc()
    rows = ArrayAgg(JSONObject(id="pk", name="name", told=kind.told), filter=kept, order_by=[order, "pk"], default=None)
    return Func(rows, template=f"(%(expressions)s)[1:{SHOWN}]", output_field=ArrayField(JSONField()))


def alerts_of(sums: dict, *, now: datetime) -> tuple[list[Alert], int]:
    """The first SHOWN of what an aggregate with `alert_columns` found, and how many more there are: no query."""
    first = [_alert(kind, row, now) for kind in KINDS for row in sums[f"first_{kind.name}"] or []]
    return first[:SHOWN], sum(sums[f"alerts_{kind.name}"] for kind in KINDS) - len(first[:SHOWN])


def _alert(kind: Kind, row: Row, now: datetime) -> Alert:
    url = reverse(kind.page, args=[UUID(row["id"])])
    return Alert(row["name"], kind.sentence(row, now), f"{url}{kind.query}")

"""The purchases that wait for somebody, with what they come to and why they wait."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Func, JSONField, Q, Sum, Value

from achats.browsing.filters import SIGNALS
from achats.models import PurchaseInvoice, Status
from firms.models import Company

COUNTED_AT_MOST = 10_000
REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class WaitingReason:
    """A reason of « Pas prêt », in a word, and how many have it; `signal` is the filter of the list that shows
    them, empty where it has none.
    """

    words: str
    count: int
    signal: str


@dataclass(slots=True)
class Waiting:
    """How many purchases, their total in the currency of the books, and their reasons, most first."""

    count: int = 0
    gross: Decimal = Decimal("0.00")
    reasons: list[WaitingReason] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNTED_AT_MOST


def waiting_purchases(company: Company) -> dict[str, Waiting]:
    """« not_ready » and « ready », of at most COUNTED_AT_MOST purchases each: one query.

    A purchase counts under each of its reasons, as the filter of the list keeps it.
    """
    found = {Status.NOT_READY.value: Waiting(), Status.READY.value: Waiting()}
    of_company = PurchaseInvoice.objects.for_company(company)
    some = Q()
    for status in found:
        some |= Q(pk__in=of_company.filter(status=status).order_by().values("pk")[:COUNTED_AT_MOST])
    rows = of_company.filter(some).order_by().values("status", codes=_every("code"), badges=_every("badge"))
    reasons: Counter[str] = Counter()
    badges: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows.annotate(count=Count("pk"), gross=Sum("signed_amount", default=Decimal("0.00"))):
        waiting = found[row["status"]]
        waiting.count += row["count"]
        waiting.gross += row["gross"]
        if row["status"] == Status.NOT_READY:
            reasons.update(dict.fromkeys(row["codes"], row["count"]))
            for code, badge in zip(row["codes"], row["badges"], strict=True):
                badges[code].add(badge)
    found[Status.NOT_READY.value].reasons = _most(reasons, badges)
    return found


def _every(key: str) -> Func:
    """What stands at `key` in each reason: a JSON list, in their order."""
    path = Value(f"$[*].{key}")
    return Func(
        F("reasons"), path, template="jsonb_path_query_array(%(expressions)s::jsonpath)", output_field=JSONField()
    )


def _most(reasons: Counter[str], badges: Mapping[str, set[str]]) -> list[WaitingReason]:
    """The badge of a reason is its word, unless its purchases bear several."""
    most = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:REASONS_SHOWN]
    words = {code: badges[code].pop() if len(badges[code]) == 1 else SIGNALS.get(code, code) for code, _ in most}
    return [WaitingReason(words[code], count, code if code in SIGNALS else "") for code, count in most]

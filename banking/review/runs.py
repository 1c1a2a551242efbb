"""How far a run that somebody asked for has come. A run is seen once it is done: it commits as one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime

from banking.models import MatchRun
from firms.models import Company

LATE_AFTER = timedelta(seconds=20)
FORGOTTEN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Progress:
    """A run asked for at `asked_at`; `run` is None until it is done, `is_late` where one should not wait for it."""

    asked_at: datetime
    run: MatchRun | None
    is_late: bool
    is_forgotten: bool

    @property
    def is_waiting(self) -> bool:
        return self.run is None and not self.is_forgotten


def progress_of(company: Company, asked: str, *, now: datetime) -> Progress | None:
    """What came of what was asked at `asked` (as an address tells it), None where it tells no moment: one query."""
    try:
        asked_at = parse_datetime(asked)
    except ValueError:
        return None
    if asked_at is None or asked_at.tzinfo is None:
        return None
    done = MatchRun.objects.whole().filter(company=company, started_at__gte=asked_at).exclude(finished_at=None)
    waited = now - asked_at
    return Progress(asked_at, done.order_by("started_at").first(), waited > LATE_AFTER, waited > FORGOTTEN_AFTER)

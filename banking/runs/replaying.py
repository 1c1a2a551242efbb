"""The machine's stored decisions taken again, by today's engine and weights: what would now be decided otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.functions import Coalesce

from banking.matching.record import decide_again
from banking.matching.weights import Weights
from banking.models import Match
from banking.runs.policies import weights_of
from firms.models import Company


@dataclass(frozen=True)
class Difference:
    """One decision: its state and score as stored, and as they would be now. Scores in hundredths of log-odds."""

    match: Match
    version: str
    before: tuple[str, int]
    now: tuple[str, int]


@dataclass
class Replay:
    """How many decisions were taken again, by these weights or else the company's own, and what came out otherwise."""

    weights: Weights | None = None
    replayed: int = 0

    def differences(self, company: Company) -> Iterator[Difference]:
        """Read row by row: a decision of several pairs once, one that a person took not at all."""
        weights = self.weights or weights_of(company)
        rows = Match.objects.filter(company=company).exclude(record={}).select_related("run", "invoice", "transaction")
        once = rows.annotate(key=Coalesce("group", "pk")).order_by("key", "-pk").distinct("key")
        for match in once.iterator(chunk_size=500):
            self.replayed += 1
            before = match.record["state"], round((match.score or 0) * 100)
            now = decide_again(match.record, before[1], weights)
            if now != before:
                yield Difference(match, match.run.engine_version if match.run else "", before, now)

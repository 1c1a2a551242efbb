"""A no taken back: the pair is proposed again as it was, and who said no is kept beside who took it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from banking.learning import relearn
from banking.match_asking import ask_for_match
from banking.matches.allocating import tell
from banking.matches.deciding import MatchChanged, lock_rows, refuse_what_does_not_fit, undo_match, what_it_became
from banking.models import AGAINST, Match, MatchState
from firms.models import User

KEPT = (
    "company", "run", "invoice", "transaction", "group", "amount_cents", "invoice_cents", "rank", "score", "record",
    "is_observed",
)  # fmt: skip
# The machine makes no match by itself of what a person once said no to.
DOUBTED = {"code": "not_auto_doubted", "values": {}}


@transaction.atomic
def propose_again(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Take back a refusal, or that a match was undone; → the suggestion that came back with it, its group too.

    Where nothing can be suggested as it was (something else took the line or the purchase, a person had made the match
    by hand), → the row itself, and the pair may be proposed by a later run. Writes `purchase.match_reopened`. Raises
    MatchChanged where there is no such no any more.
    """
    rows, at = lock_rows(match), at or timezone.now()
    before = rows[0].state
    if before not in AGAINST:
        raise what_it_became(rows[0])
    for row in rows:
        row.state, row.reopened_from, row.reopened_by, row.reopened_at = MatchState.REOPENED, before, by, at
    Match.objects.bulk_update(rows, ["state", "reopened_from", "reopened_by", "reopened_at"])
    tell(rows, "purchase.match_reopened", before, by, at)
    if before == MatchState.REFUSED:
        relearn(rows)
    ask_for_match(company_id=rows[0].company_id)
    return next(iter(_suggested_again(rows)), rows[0])


@transaction.atomic
def unconfirm(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Take back a confirmation made by mistake: the match is undone, and its suggestion is back as it was.

    → as `propose_again`. Raises MatchChanged where there is nothing to take back.
    """
    return propose_again(match=undo_match(match=match, by=by, at=at), by=by, at=at)


def _suggested_again(rows: Sequence[Match]) -> list[Match]:
    """The same rows as suggestions, where they still fit and nothing stands between the same two by now."""
    if not all(row.record for row in rows) or _stand_already(rows):
        return []
    try:
        refuse_what_does_not_fit(rows)
    except MatchChanged:
        return []
    return Match.objects.bulk_create(_again(row) for row in rows)


def _stand_already(rows: Sequence[Match]) -> bool:
    shown = Match.objects.filter(state__in=(MatchState.SUGGESTED, MatchState.AUTO, MatchState.CONFIRMED))
    pairs = {(row.invoice_id, row.transaction_id) for row in rows}
    own = shown.filter(company=rows[0].company_id, invoice__in=[row.invoice_id for row in rows])
    return not pairs.isdisjoint(own.values_list("invoice_id", "transaction_id"))


def _again(row: Match) -> Match:
    reasons = [*(reason for reason in row.reasons if reason["code"] != DOUBTED["code"]), DOUBTED]
    return Match(state=MatchState.SUGGESTED, reasons=reasons, **{name: getattr(row, name) for name in KEPT})

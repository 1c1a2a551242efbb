"""One thing changed on more purchases than one waits for, and that taken back: asked for, done by the worker, told.

Each batch is a transaction of its own with the run's row: whoever dies between two has lost nothing, and the next goes
on where it stopped. A batch is a deed of `correcting_many`, under its rights and rules.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from achats.models import CorrectionDeed, CorrectionRun
from achats.selection.correcting_many import Outcome, Wanted, correct_many
from achats.selection.undoing import NothingToUndo, undo_correction
from firms.models import Company, User
from firms.sending import send_on_commit
from firms.typography import NBSP, count_of

MOST = 50_000
BATCH = 50
LEFT_BEHIND = timedelta(minutes=2)
MODIFIED_SINCE = "modifiée depuis"


@transaction.atomic
def ask_to_correct(
    *, company: Company, chosen: Sequence[UUID], wanted: Wanted, by: User, at: datetime
) -> CorrectionRun:
    """Have the worker give what `wanted` says to each of `chosen` (at most MOST, else ValueError)."""
    if len(chosen) > MOST:
        raise ValueError(f"more than {MOST} purchases")
    named = {"account": wanted.account, "vat_code": wanted.vat_code, "payment_method": wanted.payment_method}
    return _ask(CorrectionRun(company=company, asked=list(chosen), asked_by=by, asked_at=at, **named))


@transaction.atomic
def ask_to_undo(*, run: CorrectionRun, by: User, at: datetime) -> CorrectionRun:
    """Have the worker take back what `run` changed, the last batch first; twice is once. Raises NothingToUndo."""
    row = CorrectionRun.objects.select_for_update().get(pk=run.pk)
    if undoing := CorrectionRun.objects.filter(undoes=row).first():
        return undoing
    deeds = list(row.deeds.filter(by=by, undone_at=None).order_by("-id").values_list("pk", flat=True))
    if row.undoes_id or row.finished_at is None or not deeds:
        raise NothingToUndo("Ce geste est déjà annulé.")
    return _ask(CorrectionRun(company_id=row.company_id, undoes=row, asked=deeds, asked_by=by, asked_at=at))


@transaction.atomic
def advance(*, run_id: UUID, at: datetime) -> bool:
    """Do, or take back, the next batch of the run; → whether more are to come. May run beside itself."""
    runs = CorrectionRun.objects.select_for_update(of=("self",))
    run = runs.select_related("company", "asked_by", "account", "vat_code", "payment_method").get(pk=run_id)
    if run.finished_at:
        return False
    changed, refused = _undone(run, at) if run.undoes_id else _done(run, at)
    run.changed += changed
    run.refused = dict(Counter(run.refused) + refused)
    run.advanced_at = at
    if run.handled >= len(run.asked):
        run.finished_at = at
    run.save(update_fields=["handled", "changed", "refused", "advanced_at", "finished_at"])
    return run.finished_at is None


def runs_left_behind(*, at: datetime) -> list[UUID]:
    """Those whose message was lost, or whose worker died: nothing moved for LEFT_BEHIND."""
    since = at - LEFT_BEHIND
    unfinished = CorrectionRun.objects.filter(finished_at=None, asked_at__lt=since).exclude(advanced_at__gte=since)
    return list(unfinished.order_by("pk").values_list("pk", flat=True))


def sentence_of(run: CorrectionRun) -> str:
    """« 1 234 factures : compte 62570000 Réceptions. 3 non modifiées : comptabilisée (2), annulée (1). »"""
    if run.undoes_id:
        words = f"Annulé{NBSP}: {count_of(run.changed, 'facture')}"
    else:
        wanted = Wanted(account=run.account, vat_code=run.vat_code, payment_method=run.payment_method)
        words = f"{count_of(run.changed, 'facture')}{NBSP}: {wanted}"
    return Outcome.told(words if run.changed else "", Counter(run.refused))


def _ask(run: CorrectionRun) -> CorrectionRun:
    run.save(force_insert=True)
    send_on_commit("achats.tasks.advance_correction_run", run_id=str(run.pk))
    return run


def _done(run: CorrectionRun, at: datetime) -> tuple[int, Counter[str]]:
    batch = run.asked[run.handled : run.handled + BATCH]
    wanted = Wanted(account=run.account, vat_code=run.vat_code, payment_method=run.payment_method)
    outcome = correct_many(company=run.company, chosen=batch, wanted=wanted, by=run.asked_by, at=at)
    if outcome.deed:
        CorrectionDeed.objects.filter(pk=outcome.deed.pk).update(run=run)
    run.handled += len(batch)
    return len(outcome.changed), outcome.refused


def _undone(run: CorrectionRun, at: datetime) -> tuple[int, Counter[str]]:
    deed_id = run.asked[run.handled]
    run.handled += 1
    try:
        restored, left = undo_correction(company=run.company, deed_id=deed_id, by=run.asked_by, at=at)
    except NothingToUndo:
        return 0, Counter()
    return len(restored), Counter({MODIFIED_SINCE: left} if left else {})

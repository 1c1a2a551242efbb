"""Many purchases published at once, and that taken back: asked for, done one by one by the worker, and told.

Each purchase is a transaction of its own, with the run's row: whoever dies between two has lost nothing, and the next
goes on where it stopped. A step reads one id of what was asked, however much that is.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from achats.books.posting import AlreadyPosted, CannotPost, NotPosted, post_invoice, unpost_invoice
from achats.models import PostedInRun, PostingRun, PurchaseInvoice, Status
from firms.models import Company, User
from firms.sending import send_on_commit
from firms.typography import format_count
from ledger.posting import EntryFinal

MOST = 50_000
# A message to the worker handles so many, then asks for the next: a restart waits for no long run.
STEPS = 200
LEFT_BEHIND = timedelta(minutes=2)


class NothingToPost(Exception):
    """None of what was asked for may be published, or taken back. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Aucune de ces factures n’est à publier : rien n’a été changé.")


@transaction.atomic
def ask_to_post(*, company: Company, invoice_ids: Iterable[UUID], by: User, at: datetime) -> PostingRun:
    """Have the worker publish those of `invoice_ids` that are ready, the MOST oldest. Raises NothingToPost."""
    ready = PurchaseInvoice.objects.for_company(company).filter(pk__in=list(invoice_ids), status=Status.READY)
    asked = list(ready.order_by("issued_on", "pk").values_list("pk", flat=True)[:MOST])
    return _ask(PostingRun(company=company, asked=asked, asked_by=by, asked_at=at))


@transaction.atomic
def ask_to_undo(*, run: PostingRun, by: User, at: datetime) -> PostingRun:
    """Have the worker take back what `run` published; twice is once. Raises NothingToPost."""
    row = PostingRun.objects.select_for_update().get(pk=run.pk)
    undoing = PostingRun.objects.filter(undoes=row).first()
    if undoing:
        return undoing
    if row.undoes_id:
        raise NothingToPost
    published = list(row.posted.order_by("-pk").values_list("invoice", flat=True))
    return _ask(PostingRun(company_id=row.company_id, undoes=row, asked=published, asked_by=by, asked_at=at))


def _ask(run: PostingRun) -> PostingRun:
    if not run.asked:
        raise NothingToPost
    run.total = len(run.asked)
    run.save(force_insert=True)
    send_on_commit("achats.tasks.advance_posting_run", run_id=str(run.pk))
    return run


def advance_some(*, run_id: UUID, clock: Callable[[], datetime]) -> bool:
    """At most STEPS of `advance`; → whether more are to come."""
    return all(advance(run_id=run_id, at=clock()) for _ in range(STEPS))


@transaction.atomic
def advance(*, run_id: UUID, at: datetime) -> bool:
    """Publish, or take back, the next purchase of the run; → whether more are to come. May run beside itself."""
    runs = PostingRun.objects.select_for_update(of=("self",)).select_related("asked_by").defer("asked")
    run = runs.get(pk=run_id)
    if run.finished_at:
        return False
    refusal = _handle(run, at)
    run.handled += 1
    run.changed += not refusal
    if refusal:
        run.refused[refusal] = run.refused.get(refusal, 0) + 1
    run.advanced_at = at
    run.finished_at = at if run.handled >= run.total else None
    run.save(update_fields=["handled", "changed", "refused", "advanced_at", "finished_at"])
    return run.finished_at is None


def _handle(run: PostingRun, at: datetime) -> str:
    """Publish, or take back, the next of `run`; → the badge of why it was left, "" where it was not."""
    pk = PostingRun.objects.filter(pk=run.pk).values_list(f"asked__{run.handled}", flat=True).get()
    try:
        with transaction.atomic():
            if run.undoes_id:
                unpost_invoice(invoice=PurchaseInvoice(pk=pk), by=run.asked_by, at=at)
            else:
                row = post_invoice(invoice=PurchaseInvoice(pk=pk), by=run.asked_by, at=at)
                PostedInRun.objects.create(company_id=run.company_id, run=run, invoice=row)
    except (AlreadyPosted, CannotPost, NotPosted, EntryFinal) as refusal:
        return _badge_of(refusal)
    return ""


def runs_left_behind(*, at: datetime) -> list[UUID]:
    """Those whose message was lost, or whose worker died: nothing moved for LEFT_BEHIND."""
    since = at - LEFT_BEHIND
    unfinished = PostingRun.objects.filter(finished_at=None, asked_at__lt=since).exclude(advanced_at__gte=since)
    return list(unfinished.order_by("pk").values_list("pk", flat=True))


def badges_in_words(counted: Mapping[str, int]) -> str:
    """« compte (2), doublon possible (1) »: the commonest first."""
    order = sorted(counted, key=lambda badge: (-counted[badge], badge))
    return ", ".join(f"{badge[:1].lower()}{badge[1:]} ({format_count(counted[badge])})" for badge in order)


def _badge_of(refusal: Exception) -> str:
    if isinstance(refusal, CannotPost):
        return refusal.reasons[0].badge
    return {AlreadyPosted: "Déjà comptabilisée", NotPosted: "Déjà reprise"}.get(type(refusal), "Écriture définitive")

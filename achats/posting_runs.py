"""Many purchases published at once, and that taken back: asked for, done one by one by the worker, and told.

Each purchase is a transaction of its own, with the run's row: whoever dies between two has lost nothing, and the next
goes on where it stopped.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from achats.models import PostingRun, PurchaseInvoice, Status
from achats.posting import AlreadyPosted, CannotPost, NotPosted, post_invoice, unpost_invoice
from firms.models import Company, User
from firms.sending import send_on_commit
from ledger.posting import EntryFinal

MOST = 5_000
LEFT_BEHIND = timedelta(minutes=2)


class NothingToPost(Exception):
    """None of what was asked for may be published, or taken back. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Aucune de ces factures n’est à publier : rien n’a été changé.")


@transaction.atomic
def ask_to_post(*, company: Company, invoice_ids: Iterable[UUID], by: User, at: datetime) -> PostingRun:
    """Have the worker publish those of `invoice_ids` that are ready, oldest first. Raises NothingToPost."""
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
    return _ask(PostingRun(company_id=row.company_id, undoes=row, asked=row.done[::-1], asked_by=by, asked_at=at))


def _ask(run: PostingRun) -> PostingRun:
    if not run.asked:
        raise NothingToPost
    run.save(force_insert=True)
    send_on_commit("achats.tasks.advance_posting_run", run_id=str(run.pk))
    return run


@transaction.atomic
def advance(*, run_id: UUID, at: datetime) -> bool:
    """Publish, or take back, the next purchase of the run; → whether more are to come. May run beside itself."""
    run = PostingRun.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=run_id)
    if run.finished_at:
        return False
    invoice = PurchaseInvoice(pk=run.asked[run.handled])
    try:
        with transaction.atomic():
            (unpost_invoice if run.undoes_id else post_invoice)(invoice=invoice, by=run.asked_by, at=at)
        run.done.append(invoice.pk)
    except (AlreadyPosted, CannotPost, NotPosted, EntryFinal) as refusal:
        run.refused.append({"id": str(invoice.pk), "badge": _badge_of(refusal)})
    if run.handled == len(run.asked):
        run.finished_at = at
    run.save(update_fields=["done", "refused", "finished_at"])
    return run.finished_at is None


def runs_left_behind(*, at: datetime) -> list[UUID]:
    """Those whose message was lost, or whose worker died."""
    unfinished = PostingRun.objects.filter(finished_at=None, asked_at__lt=at - LEFT_BEHIND)
    return list(unfinished.order_by("pk").values_list("pk", flat=True))


def badges_in_words(badges: Iterable[str]) -> str:
    """« compte (2), doublon possible (1) »: the commonest first."""
    counted = Counter(badges)
    order = sorted(counted, key=lambda badge: (-counted[badge], badge))
    return ", ".join(f"{badge[:1].lower()}{badge[1:]} ({counted[badge]})" for badge in order)


def _badge_of(refusal: Exception) -> str:
    if isinstance(refusal, CannotPost):
        return refusal.reasons[0].badge
    return {AlreadyPosted: "Déjà comptabilisée", NotPosted: "Déjà reprise"}.get(type(refusal), "Écriture définitive")

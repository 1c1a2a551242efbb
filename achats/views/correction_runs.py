"""What is changed on very many purchases by the worker: its progress, what came of it, and its undo."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from achats.models import CorrectionRun
from achats.selection.correction_runs import ask_to_undo, sentence_of
from achats.selection.undoing import NothingToUndo
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import NBSP, format_count


@require_safe
@company_page(Right.WRITE)
def progress(request: Asked, company: Company, run_id: UUID) -> HttpResponse:
    """« Changement : 400 sur 1 234 », until it is finished; then what came of it."""
    return answer_run(request, company, get_object_or_404(CorrectionRun, company=company, pk=run_id))


@require_POST
@company_page(Right.WRITE)
def undo(request: Asked, company: Company, run_id: UUID) -> HttpResponse:
    """Ask the worker to take back what the run changed."""
    run = get_object_or_404(CorrectionRun, company=company, pk=run_id)
    try:
        run = ask_to_undo(run=run, by=person(request), at=timezone.now())
    except NothingToUndo as refusal:
        messages.error(request, str(refusal))
    return answer_run(request, company, run)


def answer_run(request: Asked, company: Company, run: CorrectionRun) -> HttpResponse:
    """Where the run stands, in the place of the last deed; without the script, over the list."""
    is_over = run.finished_at is not None
    words = sentence_of(run) if is_over else _under_way(run)
    if not request.htmx:
        messages.info(request, words)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("achats:list", args=[company.pk]) + query)
    is_mine = run.asked_by_id == person(request).pk
    may_be_undone = is_over and is_mine and bool(run.changed) and not run.undoes_id and not hasattr(run, "undone_by")
    context = {"company": company, "run": run, "words": words, "may_be_undone": may_be_undone}
    return render(request, "achats/correction_run.html", context)


def _under_way(run: CorrectionRun) -> str:
    what = "Annulation" if run.undoes_id else "Changement"
    of = (
        f"{format_count(run.handled)} sur {format_count(len(run.asked))}{NBSP}{'lots' if run.undoes_id else 'factures'}"
    )
    return f"{what}{NBSP}: {of}. Vous pouvez continuer."

"""What a person decides in the review: of one pair, by hand, of a page, of a supplier or a run."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from banking.matches.by_hand import CannotMatch, match_by_hand
from banking.matches.deciding_many import DecidedTogether, confirm_read, undo_of_run, undo_of_supplier
from banking.models import BankTransaction, GapKind
from banking.review.deciding import DEEDS, Told, decide_pair, made_in_words
from banking.review.finding import open_invoices, other_lines
from banking.review.neighbours import sharing
from banking.review.page import ReviewPage
from banking.review.tabs import every_line
from banking.views.review_answers import answered, uuids
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import NBSP, format_count


@require_POST
@company_page(Right.WRITE)
def decide(request: HttpRequest, company: Company, line_id: UUID) -> HttpResponse:
    """Confirm, refuse or undo one match of a line, its group with it."""
    line = get_object_or_404(every_line(company), pk=line_id)
    deed = DEEDS.get(request.POST.get("geste", ""))
    if deed is None:
        return HttpResponseBadRequest()
    told = decide_pair(line=line, match_ids=uuids([request.POST.get("match", "")]), deed=deed, by=person(request))
    line.refresh_from_db()
    return answered(request, ReviewPage(company, request.GET), line, told)


@require_POST
@company_page(Right.WRITE)
def match_chosen(request: HttpRequest, company: Company, line_id: UUID) -> HttpResponse:
    """Match the line, and those ticked with it, with the purchases that were ticked."""
    line = get_object_or_404(every_line(company), pk=line_id)
    chosen, also = uuids(request.POST.getlist("facture")), uuids(request.POST.getlist("ligne_aussi"))
    elsewhere = sharing(company, chosen, [line.pk, *also]) | {*also}
    try:
        _check_offered(line, chosen, also)
        rows = match_by_hand(
            company=company,
            invoice_ids=chosen,
            line_ids=[line.pk, *also],
            by=person(request),
            at=timezone.now(),
            gap=_gap_of(request),
        )
        told = Told(made_in_words(rows), undo=rows[0], elsewhere=elsewhere)
    except CannotMatch as refusal:
        told = Told(str(refusal), status=422)
    line.refresh_from_db()
    return answered(request, ReviewPage(company, request.GET), line, told)


@require_POST
@company_page(Right.WRITE)
def confirm_page(request: HttpRequest, company: Company) -> HttpResponse:
    """« Les N sont exacts », of the page shown."""
    ids = uuids(request.POST.getlist("match"))
    told = confirm_read(company=company, match_ids=ids, by=person(request), at=timezone.now())
    return _told(
        request, company, told, "rapprochement automatique lu et exact,rapprochements automatiques lus et exacts"
    )


@require_POST
@company_page(Right.WRITE)
def undo_many(request: HttpRequest, company: Company) -> HttpResponse:
    """« Annuler toutes celles d’Orange », « toute l’exécution de 14:30 »."""
    supplier, run = uuids([request.POST.get("fournisseur", "")]), uuids([request.POST.get("execution", "")])
    if len(supplier) + len(run) != 1:
        return HttpResponseBadRequest()
    deed: Callable[..., DecidedTogether] = undo_of_supplier if supplier else undo_of_run
    whose = {"supplier_id": supplier[0]} if supplier else {"run_id": run[0]}
    told = deed(company=company, by=person(request), at=timezone.now(), **whose)
    return _told(request, company, told, "rapprochement automatique défait,rapprochements automatiques défaits")


def _told(request: HttpRequest, company: Company, told: DecidedTogether, words: str) -> HttpResponse:
    singular, plural = words.split(",")
    if told.done:
        messages.success(request, f"{format_count(told.done)}{NBSP}{singular if told.done < 2 else plural}.")
    elif not told.changed:
        messages.warning(request, "Plus rien n’est à décider ici\u00a0: d’autres l’ont fait. Rien n’a été changé.")
    for sentence in told.changed:
        messages.warning(request, sentence)
    query = ReviewPage(company, request.GET).query
    return redirect(reverse("banking:review", args=[company.pk]) + (f"?{query}" if query else ""))


def _gap_of(request: HttpRequest) -> GapKind | None:
    """What is to become of the difference; None leaves it open."""
    told = request.POST.get("ecart", "")
    return GapKind(told) if told in GapKind.values else None


def _check_offered(line: BankTransaction, invoice_ids: list[UUID], line_ids: list[UUID]) -> None:
    """Only what the search offers: still open, in the currency of the account, lines of one account and sense."""
    if not invoice_ids:
        raise CannotMatch("Cochez au moins une facture.")
    invoices = open_invoices(line).filter(pk__in=invoice_ids).count()
    if invoices < len(invoice_ids) or other_lines(line).filter(pk__in=line_ids).count() < len(line_ids):
        raise CannotMatch("Une de ces factures ou de ces lignes n’attend plus de rapprochement. Rien n’a été changé.")

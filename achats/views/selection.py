"""The deeds on purchases ticked in the list: change something on all of them, and take it back."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from achats.browsing.listing import Listing, shown
from achats.browsing.surroundings import surroundings_of
from achats.models import PurchaseInvoice
from achats.selection.correcting_many import AT_MOST, correct_many
from achats.selection.correction_runs import ask_to_correct
from achats.selection.form import SelectionForm
from achats.selection.undoing import NothingToUndo, undo_correction
from achats.views.correction_runs import answer_run
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.paging import SIZE
from firms.roles import Right
from firms.typography import NBSP, count_of


@require_POST
@company_page(Right.WRITE)
def change_selection(request: Asked, company: Company) -> HttpResponse:
    """Give the ticked purchases an account, a VAT code or a payment method: one deed."""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    form = SelectionForm(request.POST, listing=listing)
    if not form.is_valid():
        return _answer(request, listing, form.refusal, level="error", status=422)
    deed = {"chosen": form.cleaned_data["chosen"], "wanted": form.wanted, "by": person(request), "at": timezone.now()}
    if len(deed["chosen"]) > AT_MOST:
        return answer_run(request, company, ask_to_correct(company=company, **deed))
    outcome = correct_many(company=company, **deed)
    level = "success" if outcome.deed and not outcome.refused else "warning"
    return _answer(request, listing, outcome.sentence, outcome.changed, level=level)


@require_POST
@company_page(Right.WRITE)
def undo(request: Asked, company: Company, deed_id: UUID) -> HttpResponse:
    """Take a correction back."""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    try:
        restored, left = undo_correction(company=company, deed_id=deed_id, by=person(request), at=timezone.now())
    except NothingToUndo as refusal:
        return _answer(request, listing, str(refusal), level="error", status=409)
    words = f"Annulé{NBSP}: {count_of(len(restored), 'facture')}."
    if left:
        words += f" {count_of(left, 'autre, modifiée depuis, est gardée', 'autres, modifiées depuis, sont gardées')}."
    return _answer(request, listing, words, restored, level="warning" if left else "success")


def _answer(
    request: Asked, listing: Listing, words: str, changed: Collection[UUID] = (), *, level: str, status: int = 200
) -> HttpResponse:
    """The changed rows with the counts and the last deed; without the script, the list again."""
    company = listing.company
    if not request.htmx:
        getattr(messages, level)(request, words)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("achats:list", args=[company.pk]) + query)
    rows = list(shown(PurchaseInvoice.objects.filter(company=company, pk__in=list(changed)[:SIZE])))
    context = {
        "company": company,
        "listing": listing,
        "rows": rows,
        "gone": len(rows) - listing.rows().filter(pk__in=[row.pk for row in rows]).count(),
        "around": surroundings_of(listing, person=person(request)),
        "words": words,
        "level": level,
        "may_write": True,
    }
    return render(request, "achats/selection_answer.html", context, status=status)

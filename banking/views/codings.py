"""« Compte »: a bank line put on an account, in the list of its bank account or in the review; and that taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from banking.accounts.browsing import states_of
from banking.coding import CannotCode, code_line, uncode_line
from banking.coding_forms import CodingForm
from banking.codings import purchases_like
from banking.models import BankTransaction, LineCoding
from banking.review.deciding import Told
from banking.review.page import ReviewPage
from banking.review.tabs import every_line
from banking.views.review_answers import answered, uuids
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import NBSP, format_money

IN_REVIEW = "rapprochement"


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def code(request: Asked, company: Company, line_id: UUID) -> HttpResponse:
    """The account of a line, to be chosen, or the one that it has; where htmx asks, in the place of the page."""
    line = get_object_or_404(every_line(company), pk=line_id)
    form = CodingForm(request.POST if request.method == "POST" else None, line=line)
    if not (form.is_bound and form.is_valid()):
        return _shown(request, company, line, form, status=422 if form.errors else 200)
    typed = form.cleaned_data
    chosen = {"account": typed["compte"], "vat_code": typed.get("code_tva"), "vat_amount": typed.get("tva")}
    try:
        coding = code_line(line=line, by=person(request), at=timezone.now(), **chosen)
    except CannotCode as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, company, line, form, status=422)
    return _told(request, company, line.pk, Told(_sentence(coding), coded=True))


@require_POST
@company_page(Right.WRITE)
def uncode(request: Asked, company: Company, line_id: UUID) -> HttpResponse:
    """« Reprendre l’imputation »: its draft goes, or its contrary is written."""
    line = get_object_or_404(every_line(company), pk=line_id)
    try:
        contrary = uncode_line(line=line, by=person(request), at=timezone.now())
    except CannotCode as refusal:
        return _told(request, company, line.pk, Told(str(refusal), status=409))
    how = f" L’écriture est contre-passée par {contrary}." if contrary else ""
    return _told(request, company, line.pk, Told(f"Imputation reprise{NBSP}: la ligne est de nouveau à traiter.{how}"))


def _sentence(coding: LineCoding) -> str:
    currency = coding.transaction.account.currency
    vat = f", dont TVA {format_money(coding.vat_amount, currency)}" if coding.vat_cents else ""
    return f"Imputé{NBSP}: {coding.account}, {format_money(coding.amount, currency)}{vat}. Écriture {coding.entry}."


def _is_in_review(request: HttpRequest) -> bool:
    return request.GET.get("vue") == IN_REVIEW


def _shown(request: Asked, company: Company, line: BankTransaction, form: CodingForm, *, status: int) -> HttpResponse:
    context = {
        "company": company, "line": line, "form": form, "like": purchases_like(line), "query": request.GET.urlencode(),
        "coding": getattr(line, "coding", None), "is_in_review": _is_in_review(request),
    }  # fmt: skip
    if not request.htmx:
        return render(request, "banking/coding_page.html", context, status=status)
    if not context["is_in_review"]:
        return render(request, "banking/coding_row.html", context, status=status)
    response = render(request, "banking/coding_form.html", context, status=status)
    return reswap(retarget(response, f"#r-{line.pk}"), "innerHTML")


def _told(request: Asked, company: Company, line_id: UUID, told: Told) -> HttpResponse:
    """The line as it is now, where it stands."""
    line = every_line(company).get(pk=line_id)
    if _is_in_review(request):
        return answered(request, ReviewPage(company, request.GET), line, told)
    if request.htmx:
        context = {
            "company": company,
            "line": line,
            "states": states_of([line]),
            "told": told,
            "is_swapped": True,
            "may_write": True,
        }
        return render(request, "banking/coding_answer.html", context, status=told.status)
    (messages.warning if told.status >= 400 else messages.success)(request, told.sentence)
    if invoice_id := next(iter(uuids([request.GET.get("facture", "")])), None):
        return redirect(reverse("achats:detail", args=[company.pk, invoice_id]) + "#reglement")
    return redirect(reverse("banking:transactions", args=[company.pk, line.account_id]) + "?onglet=tout")

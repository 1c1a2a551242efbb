"""« Pièces à demander »: what is missing, by person and by supplier, and the links that ask for it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from banking.models import PieceRequest
from banking.pieces.forms import RequestForm
from banking.pieces.listing import SHOWN, requests_of
from banking.pieces.missing import by_person, missing_pieces
from banking.pieces.reminding import ReminderHeldBack, remind_now
from banking.pieces.requesting import NothingToAsk, RequestNotSent, request_pieces, revoke_request, switch_reminders
from firms.access import company_page, person
from firms.addresses import site_url
from firms.models import Company
from firms.roles import Right, grants
from firms.typography import NBSP, format_day

LINK = (
    '{} <code id="lien">{}</code> '
    '<button type="button" class="button small" data-copies="lien" data-needs-script hidden>Copier le lien</button>'
)


@require_safe
@company_page()
def missing(request: HttpRequest, company: Company) -> HttpResponse:
    now = timezone.now()
    pieces = missing_pieces(company, at=now)
    context = {
        "company": company,
        "people": by_person(pieces),
        "expected": [piece for piece in pieces if piece.is_expected],
        "requests": list(requests_of(company, at=now)[:SHOWN]),
        "now": now,
        "may_write": grants(company.role, Right.WRITE),
    }
    return render(request, "banking/pieces.html", context)


@require_POST
@company_page(Right.WRITE)
def ask(request: HttpRequest, company: Company) -> HttpResponse:
    """« Demander »: the link goes by mail where there is an address, and is shown once, to be copied."""
    form = RequestForm(request.POST, company=company)
    if form.is_valid():
        _ask(request, company, form.cleaned_data)
    else:
        messages.error(request, form.sentence)
    return redirect("banking:pieces", company.pk)


def _ask(request: HttpRequest, company: Company, told: dict) -> None:
    try:
        made, link = request_pieces(
            company=company,
            line_ids=[line.pk for line in told["lignes"]],
            recipient=told["destinataire"],
            email=told["adresse"],
            by=person(request),
            at=timezone.now(),
            site_url=site_url(request),
            is_reminded=told["relances"],
        )
    except (NothingToAsk, RequestNotSent) as refusal:
        messages.error(request, str(refusal))
        return
    sent = f"La demande est partie à {made.email}. " if made.email else ""
    until = format_day(timezone.localtime(made.expires_at).date())
    sentence = f"{sent}Lien à transmettre, valable jusqu’au {until} et montré cette fois seulement :"
    messages.success(request, format_html(LINK, sentence, link))


@require_POST
@company_page(Right.WRITE)
def revoke(request: HttpRequest, company: Company, request_id: UUID) -> HttpResponse:
    asked = get_object_or_404(PieceRequest, company=company, pk=request_id)
    revoke_request(request=asked, by=person(request), at=timezone.now())
    messages.success(request, "Le lien est retiré : il ne s’ouvre plus. Ce qui a été reçu reste.")
    return redirect("banking:pieces", company.pk)


@require_POST
@company_page(Right.WRITE)
def remind(request: HttpRequest, company: Company, request_id: UUID) -> HttpResponse:
    """« Relancer maintenant »."""
    asked = get_object_or_404(PieceRequest, company=company, pk=request_id)
    try:
        remind_now(request=asked, by=person(request), at=timezone.now(), site_url=site_url(request))
    except ReminderHeldBack as refusal:
        messages.error(request, str(refusal))
    except RequestNotSent:
        messages.error(request, f"Le message n’a pas pu partir{NBSP}: rien n’a changé. Réessayez plus tard.")
    else:
        messages.success(request, f"La relance est partie à {asked.email}.")
    return redirect("banking:pieces", company.pk)


@require_POST
@company_page(Right.WRITE)
def switch(request: HttpRequest, company: Company, request_id: UUID) -> HttpResponse:
    """« Ne plus relancer », « Relancer chaque semaine »."""
    asked = get_object_or_404(PieceRequest, company=company, pk=request_id)
    is_on = request.POST.get("relances") == "oui"
    switch_reminders(request=asked, is_on=is_on, by=person(request), at=timezone.now())
    told = "sera relancé chaque semaine tant qu’une pièce manque" if is_on else "ne sera plus relancé"
    messages.success(request, f"{asked.recipient or asked.email} {told}.")
    return redirect("banking:pieces", company.pk)

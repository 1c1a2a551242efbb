"""What a person decides of a match: to confirm, to refuse, to undo, to have it proposed again."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from achats.models import PurchaseInvoice
from banking.matches.gap_posting import gap_in_words
from banking.matches.reopening import propose_again
from banking.matches.settling import posted_in_words
from banking.models import Match
from banking.reconciliation import MatchChanged, confirm_match, refuse_match, undo_match
from banking.templatetags.matches import panel_context
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import format_money

GONE = "Cette suggestion n’existe plus : le rapprochement a changé entre-temps. Rien n’a été changé."


@require_POST
@company_page(Right.WRITE)
def confirm(request: HttpRequest, company: Company, invoice_id: UUID, match_id: UUID) -> HttpResponse:
    return _decided(request, company, invoice_id, match_id, confirm_match, "Rapproché : {name}, {amount}.")


@require_POST
@company_page(Right.WRITE)
def refuse(request: HttpRequest, company: Company, invoice_id: UUID, match_id: UUID) -> HttpResponse:
    words = "Refusé : cette facture ne sera plus proposée pour cette ligne."
    return _decided(request, company, invoice_id, match_id, refuse_match, words)


@require_POST
@company_page(Right.WRITE)
def undo(request: HttpRequest, company: Company, invoice_id: UUID, match_id: UUID) -> HttpResponse:
    words = "Défait : {name}, {amount}. Cette paire ne sera plus rapprochée d’elle-même."
    return _decided(request, company, invoice_id, match_id, undo_match, words)


@require_POST
@company_page(Right.WRITE)
def reopen(request: HttpRequest, company: Company, invoice_id: UUID, match_id: UUID) -> HttpResponse:
    words = "Refus repris. MEG peut proposer à nouveau ce rapprochement."
    return _decided(request, company, invoice_id, match_id, propose_again, words)


def _decided(
    request, company: Company, invoice_id: UUID, match_id: UUID, deed: Callable[..., Match], words: str
) -> HttpResponse:
    """Do the deed and answer the panel with its sentence; 409 where what was seen is no more."""
    invoice = get_object_or_404(PurchaseInvoice.objects.for_company(company), pk=invoice_id)
    match = Match.objects.filter(company=company, invoice=invoice, pk=match_id).first()
    status, sentence = 200, words.format(name=invoice.supplier_name, amount=_weight(invoice))
    before = invoice.status
    try:
        if match is None:
            raise MatchChanged(GONE)
        row = deed(match=match, by=person(request))
        if deed is confirm_match:
            told = [posted_in_words([row]) if row.payment_id else "", gap_in_words([row])]
            sentence = " ".join([sentence, *filter(None, told)])
    except MatchChanged as change:
        status, sentence = 409, str(change)
    invoice.refresh_from_db()
    return _answer(request, company, invoice, sentence, status, is_as_before=invoice.status == before)


def _answer(
    request, company: Company, invoice: PurchaseInvoice, sentence: str, status: int, *, is_as_before: bool
) -> HttpResponse:
    """The panel alone; where its entry came or went with the match, the page, for all of it changed."""
    if request.htmx and is_as_before:
        context = panel_context(company, invoice, query=request.GET.urlencode())
        context |= {"sentence": sentence, "level": "warning" if status == 409 else "success"}
        return render(request, "banking/settlement_panel.html", context, status=status)
    (messages.warning if status == 409 else messages.success)(request, sentence)
    if request.htmx:
        return HttpResponseClientRefresh()
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("achats:detail", args=[company.pk, invoice.pk]) + query + "#reglement")


def _weight(invoice: PurchaseInvoice) -> str:
    return format_money(invoice.gross_amount * invoice.sign, invoice.currency)

"""What people of the firm say of a purchase."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from achats.changing.commenting import comment_on, withdraw_comment
from achats.models import InvoiceComment, PurchaseInvoice
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right


class CommentForm(forms.Form):
    texte = forms.CharField(max_length=2_000, label="Commentaire")


@require_POST
@company_page(Right.WRITE)
def comment(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Commenter »: back to the same page, at what was just said."""
    invoice = get_object_or_404(PurchaseInvoice.objects.for_company(company), pk=invoice_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        comment_on(invoice=invoice, text=form.cleaned_data["texte"], by=person(request), at=timezone.now())
    else:
        messages.error(request, f"Commentaire non enregistré : {form.errors['texte'][0]}")
    return redirect(_comments_of(request, company, invoice_id))


@require_POST
@company_page(Right.WRITE)
def withdraw(request: HttpRequest, company: Company, invoice_id: UUID, comment_id: UUID) -> HttpResponse:
    """« Retirer » one's own words; another's are not found."""
    own = InvoiceComment.objects.filter(company=company, invoice=invoice_id, by=person(request))
    said = get_object_or_404(own.select_related("invoice__company"), pk=comment_id)
    withdraw_comment(comment=said, by=person(request), at=timezone.now())
    return redirect(_comments_of(request, company, invoice_id))


def _comments_of(request: HttpRequest, company: Company, invoice_id: UUID) -> str:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"{reverse('achats:detail', args=[company.pk, invoice_id])}{query}#commentaires"

"""How far the machine may go on one bank account."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from banking.accounts.automating import last_change, observed_on, set_automation
from banking.accounts.booking import keep_in_books
from banking.coding_forms import LedgerAccountForm
from banking.imports.forms import AutomationForm
from banking.models import BankAccount
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right, grants
from firms.typography import format_amount


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def automation(request: HttpRequest, company: Company, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(BankAccount, company=company, pk=account_id)
    may_write = grants(company.role, Right.WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    held = {"automation": account.automation, "cap": _amount(account)}
    form = AutomationForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_bound and form.is_valid():
        set_automation(account=account, **form.cleaned_data, by=person(request))
        messages.success(request, f"{account}\u00a0: réglages enregistrés. Le rapprochement en tient compte.")
        return redirect("banking:automation", company.pk, account.pk)
    context = {"company": company, "account": account, "form": form, "may_write": may_write, "cap": held["cap"]}
    context |= {"observed": observed_on(account), "changed": last_change(account)}
    context["booked"] = LedgerAccountForm(None, account=account)
    return render(request, "banking/automation.html", context, status=422 if form.errors else 200)


@require_POST
@company_page(Right.WRITE)
def book(request: HttpRequest, company: Company, account_id: UUID) -> HttpResponse:
    """Say under which account of the chart the books keep it."""
    account = get_object_or_404(BankAccount, company=company, pk=account_id)
    form = LedgerAccountForm(request.POST, account=account)
    if form.is_valid():
        keep_in_books(account=account, **form.cleaned_data, by=person(request))
        messages.success(request, f"{account}\u00a0: compte comptable enregistré.")
    else:
        messages.error(request, "Choisissez un compte de classe 5 du dossier.")
    return redirect(reverse("banking:automation", args=[company.pk, account.pk]) + "#compte-comptable")


def _amount(account: BankAccount) -> str:
    return format_amount(account.automatic_cap) if account.automatic_cap is not None else ""

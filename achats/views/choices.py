"""What a field unfolds while one types: accounts, suppliers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from achats.account_choices import answering_accounts
from achats.browsing.filter_fields import WITHOUT_ACCOUNT
from achats.models import Supplier
from achats.suppliers.choices import answering_suppliers
from achats.suppliers.habits import account_habits
from firms.access import company_page
from firms.folding import fold
from firms.models import Company
from ledger.models import Account

SHOWN = 12


@require_safe
@company_page()
def account_choices(request: HttpRequest, company: Company) -> HttpResponse:
    """What answers to `?q=`; before anything is typed, the usual accounts of `?fournisseur=` and then the chart.

    Those open to purchases, or all with `?tous=oui`; with `?sans=oui` « Sans compte » before them.
    """
    text, is_all = request.GET.get("q", ""), "tous" in request.GET
    chart = Account.objects.filter(company=company)
    charges_first = sorted(chart.filter(is_active=True) if is_all else chart.for_purchases(), key=_charges_first)
    supplier = None if text else _supplier(company, request.GET.get("fournisseur", ""))
    habits = account_habits(supplier=supplier) if supplier else []
    found = answering_accounts(charges_first, text) if text else charges_first
    context = {"habits": habits, "supplier": supplier, "accounts": found[:SHOWN], "more": len(found) - SHOWN, "q": text}
    context["nature"] = "du dossier" if is_all else "ouvert aux achats"
    context["without"] = WITHOUT_ACCOUNT if "sans" in request.GET and fold(text) in fold(WITHOUT_ACCOUNT) else ""
    return render(request, "achats/account_choices.html", context)


@require_safe
@company_page()
def supplier_choices(request: HttpRequest, company: Company) -> HttpResponse:
    """The suppliers in use, or all with `?tous=oui`, that answer to `?q=`, those it names exactly first."""
    text, is_all = request.GET.get("q", ""), "tous" in request.GET
    found = list(answering_suppliers(company=company, text=text, with_inactive=is_all)[: SHOWN + 1])
    context = {"suppliers": found[:SHOWN], "is_more": len(found) > SHOWN, "q": text}
    return render(request, "achats/supplier_choices.html", context)


def _charges_first(account: Account) -> tuple[bool, str]:
    """What one buys is a charge (class 6) far more often than an asset or an advance."""
    return not account.code.startswith("6"), account.code


def _supplier(company: Company, value: str) -> Supplier | None:
    try:
        return Supplier.objects.filter(company=company, pk=UUID(value)).first()
    except ValueError:
        return None

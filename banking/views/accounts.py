"""Bank accounts, and the lines of one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from banking.browsing import NEWEST, TABS, accounts_of, age_in_words, states_of, transactions_of
from banking.models import BankAccount
from firms.access import Asked, company_page
from firms.models import Company
from firms.paging import key_page


@require_safe
@company_page()
def account_list(request: HttpRequest, company: Company) -> HttpResponse:
    today = timezone.localdate()
    accounts = accounts_of(company)
    rows = [(row, *age_in_words(row.closed_on, today=today)) for row in accounts]  # type: ignore[attr-defined] # annotated
    return render(request, "banking/accounts.html", {"company": company, "rows": rows})


@require_safe
@company_page()
def transaction_list(request: Asked, company: Company, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(BankAccount, company=company, pk=account_id)
    tab = request.GET.get("onglet", "a-traiter")
    tab, search = tab if tab in TABS else "a-traiter", request.GET.get("q", "").strip()[:100]
    rows = transactions_of(account, tab=tab, search=search)
    page = key_page(rows, NEWEST, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {"company": company, "account": account, "tab": tab, "tabs": TABS, "search": search, "page": page}
    context["states"] = states_of(page.rows)
    part = "#results" if request.htmx else ""
    response = render(request, f"banking/transactions.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response

"""Bank accounts, and the lines of one."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from banking.accounts.browsing import NEWEST, TABS, accounts_of, age_in_words, states_of, transactions_of
from banking.accounts.running_balances import checkpoints, entries, with_checkpoints
from banking.accounts.transaction_filters import TransactionFilters
from banking.models import BankAccount
from firms.access import Asked, company_page
from firms.models import Company
from firms.paging import key_page
from firms.roles import Right, grants
from firms.typography import read_day


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
    account = get_object_or_404(with_checkpoints(BankAccount.objects.filter(company=company)), pk=account_id)
    may_write = grants(company.role, Right.WRITE)
    context = {"company": company, "account": account, "tabs": TABS, "may_write": may_write, "is_swapped": False}
    context |= _listed(request, account)
    part = "#results" if request.htmx else ""
    response = render(request, f"banking/transactions.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _listed(request: Asked, account: BankAccount) -> dict:
    """What the address asks of the account: tab, search, filters, page."""
    tab = request.GET.get("onglet", "a-traiter")
    tab, search = tab if tab in TABS else "a-traiter", request.GET.get("q", "").strip()[:100]
    filters = TransactionFilters(request.GET, today=timezone.localdate())
    rows = filters.applied(transactions_of(account, tab=tab, search=search))
    after, before = request.GET.get("apres", ""), request.GET.get("avant", "")
    page = key_page(rows, NEWEST, after=after, before=before)
    above = None if before and not after else read_day(after.partition("~")[0], today=date.max) or date.max
    shown = entries(account, page.rows, checkpoints(account), above=above)
    states = states_of(page.rows)
    return {"tab": tab, "search": search, "filters": filters, "page": page, "entries": shown, "states": states}

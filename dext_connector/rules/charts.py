"""What a proposal leans on: the chart of a company, and to which accounts its suppliers' invoices went."""

from collections.abc import Collection

from achats.suppliers.batches import suppliers_named
from achats.suppliers.habits import usual_accounts
from dext_connector.rules.proposing import Chart, Use
from firms.models import Company
from ledger.models import Account


def chart_for(company: Company, *, names: Collection[str]) -> Chart:
    """The chart of `company` and the habits of the suppliers of these names, in four queries."""
    accounts, closed = {}, set()
    for account in Account.objects.filter(company=company).order_by("code"):
        if account.is_active and account.is_purchase_allowed:
            accounts[account.code] = account.label
        else:
            closed.add(account.code)
    return Chart(accounts, frozenset(closed), _uses(company, names))


def _uses(company: Company, names: Collection[str]) -> dict[str, Use]:
    """By folded name; a name to which two suppliers answer says nothing."""
    named = suppliers_named(company=company, names=names)
    meant = {name: rows[0] for name, rows in named.items() if len(rows) == 1}
    habits = usual_accounts(suppliers=list(meant.values()))
    return {
        name: Use(habit.account.code, habit.times, habit.out_of)
        for name, supplier in meant.items()
        if (habit := habits.get(supplier.pk))
    }

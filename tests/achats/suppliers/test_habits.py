from datetime import date, timedelta
from decimal import Decimal

import pytest

from achats.changing.cancelling import cancel_invoice
from achats.models import Status
from achats.suppliers.habits import account_habits, proposed_account
from tests.factories.achats import NOW, PurchaseInvoiceFactory, line
from tests.factories.firms import CompanyFactory, member_of

SMALL, MEALS = "60630000", "62570000"


@pytest.fixture
def company(db):
    return CompanyFactory()


def bought(company, account, times=1, **fields):
    fields = {"supplier_name": "Franprix"} | fields
    return [PurchaseInvoiceFactory(company=company, account=account, **fields) for _ in range(times)][-1]


def test_the_usual_account_is_proposed_and_never_filled_in(company):
    bought(company, SMALL, times=4)
    bought(company, MEALS)
    invoice = bought(company, None)
    habit = proposed_account(invoice)
    account = company.accounts.get(code=SMALL)
    assert habit.sentence == f"{account} (4\u00a0fois sur 5 pour Franprix)"
    assert invoice.lines.get().account is None
    assert invoice.status == Status.NOT_READY


@pytest.mark.parametrize(("small", "meals"), [(1, 0), (2, 2), (0, 0)])
def test_what_is_not_usual_enough_is_not_proposed(company, small, meals):
    bought(company, SMALL, times=small) if small else None
    bought(company, MEALS, times=meals) if meals else None
    assert proposed_account(bought(company, None)) is None


def test_an_account_that_may_no_more_be_used_is_not_proposed(company):
    bought(company, SMALL, times=3)
    company.accounts.filter(code=SMALL).update(is_active=False)
    assert proposed_account(bought(company, None)) is None


def test_only_this_suppliers_live_purchases_count(company):
    wrong = bought(company, MEALS)
    cancel_invoice(invoice=wrong, by=member_of(company), reason="", at=NOW)
    bought(company, MEALS, supplier_name="Autre", times=3)
    bought(company, SMALL, times=2)
    bought(CompanyFactory(), MEALS, times=3)
    (habit,) = account_habits(supplier=bought(company, None).supplier)
    assert (habit.account.code, habit.times, habit.out_of) == (SMALL, 2, 2)


def test_a_habit_is_recent(company):
    for day in range(25):
        bought(company, MEALS, issued_on=date(2018, 1, 1) + timedelta(days=day))
    bought(company, SMALL, times=20)
    assert account_habits(supplier=bought(company, None).supplier)[0].sentence.endswith(
        "(20\u00a0fois sur 20 pour Franprix)"
    )


def test_a_purchase_of_two_lines_counts_once(company):
    account = company.accounts.get(code=SMALL)
    lines = (line("6.00", account=account), line("6.00", account=account))
    invoice = PurchaseInvoiceFactory(company=company, lines=lines, gross_amount=Decimal("12.00"))
    (habit,) = account_habits(supplier=invoice.supplier)
    assert (habit.times, habit.out_of) == (1, 1)


def test_it_costs_two_queries(company, django_assert_num_queries):
    supplier = bought(company, SMALL, times=3).supplier
    with django_assert_num_queries(2):
        account_habits(supplier=supplier)

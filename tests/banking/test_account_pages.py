"""The page of an account: filters, the balance after each line, the gaps; and the control on the accounts page."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from banking.models import BankAccount
from firms.models import Company
from firms.paging import SIZE
from tests.banking.bank_pages import page
from tests.banking.imports.test_importing import bring
from tests.banking.statements.writers import Move, cfonb, ofx
from tests.banking.test_reconciliation import a_line

ALL = "?onglet=tout"


def day(month: int, number: int) -> date:
    return date(2026, month, number)


OCTOBER = [Move(day(10, 5), -1_000, "CB A"), Move(day(10, 20), 5_000, "VIR B")]
NOVEMBER = [Move(day(11, 3), -500, "CB C"), Move(day(11, 3), -500, "CB C"), Move(day(11, 28), 100, "VIR D")]


def october(**fields) -> str:
    return cfonb(OCTOBER, opening=10_000, opening_on=day(9, 30), closing_on=day(10, 31), **fields)


def november(opening: int = 14_000, opening_on: date = date(2026, 10, 31)) -> str:
    return cfonb(NOVEMBER, opening=opening, opening_on=opening_on, closing_on=day(11, 30))


def account_of(company: Company) -> BankAccount:
    return company.bank_accounts.get()


def balances(client: Client, company: Company, query: str = ALL) -> list[str]:
    html = page(client, company, "transactions", account_of(company).pk, query=query)
    return re.findall(r'data-label="Solde">([^<]*)<', html)


@pytest.mark.parametrize("order", [(october, november), (november, october)])
def test_each_line_has_the_balance_after_it_whatever_the_order_of_the_imports(
    accountant: Client, company: Company, order: tuple
):
    for text in order:
        bring(company, text())
    assert balances(accountant, company) == ["131,00", "130,00", "135,00", "140,00", "90,00"]


def test_a_filtered_line_keeps_its_balance(accountant: Client, company: Company):
    bring(company, october())
    bring(company, november())
    assert balances(accountant, company, f"{ALL}&du=01/11/2026&sens=debit") == ["130,00", "135,00"]


def test_a_line_of_the_closing_day_that_the_bank_booked_in_the_next_statement_counts_after_it(
    accountant: Client, company: Company
):
    bring(company, october())
    late = [Move(day(10, 31), -300, "CB E"), *NOVEMBER]
    bring(company, cfonb(late, opening=14_000, opening_on=day(10, 31), closing_on=day(11, 30)))
    assert balances(accountant, company)[-3:] == ["137,00", "140,00", "90,00"]
    assert balances(accountant, company, f"{ALL}&au=31/10/2026") == ["137,00", "140,00", "90,00"]
    assert "juste jusqu’au 30/11/2026" in page(accountant, company, "accounts")


def test_a_missing_statement_is_a_row_of_its_own_and_a_discrepancy(accountant: Client, company: Company):
    bring(company, october())
    bring(company, november(opening=15_200, opening_on=day(11, 2)))
    html = page(accountant, company, "transactions", account_of(company).pk, query=ALL)
    assert "Relevé manquant du 01/11/2026 au 02/11/2026" in html
    assert html.index("VIR D") < html.index("Relevé manquant") < html.index("VIR B")
    assert balances(accountant, company) == ["143,00", "142,00", "147,00", "140,00", "90,00"]
    assert "écart de 12,00\u00a0€ depuis le 31/10/2026" in page(accountant, company, "accounts")


def test_the_statement_that_was_missing_makes_the_balances_right_again(accountant: Client, company: Company):
    bring(company, october())
    bring(company, november(opening=15_200, opening_on=day(11, 2)))
    bring(company, cfonb([Move(day(11, 1), 1_200)], opening=14_000, opening_on=day(10, 31), closing_on=day(11, 2)))
    assert "juste jusqu’au 30/11/2026" in page(accountant, company, "accounts")
    assert "Relevé manquant" not in page(accountant, company, "transactions", account_of(company).pk, query=ALL)


def test_a_line_that_was_lost_is_seen_by_the_control(accountant: Client, company: Company):
    bring(company, october())
    bring(company, november())
    account_of(company).transactions.filter(amount=1).delete()
    bring(company, cfonb([], opening=13_100, opening_on=day(11, 30), closing_on=day(12, 31)))
    assert "écart de 1,00\u00a0€ depuis le 31/10/2026" in page(accountant, company, "accounts")


def test_an_account_without_a_balance_has_none_and_no_control(accountant: Client, company: Company):
    bring(company, ofx(NOVEMBER))
    assert balances(accountant, company) == ["—", "—", "—"]
    assert "juste jusqu’au" not in page(accountant, company, "accounts")


def test_balances_go_on_from_page_to_page(accountant: Client, company: Company):
    moves = [Move(day(11, 1 + n % 28), 100, f"VIR {n}") for n in range(SIZE + 20)]
    bring(company, cfonb(sorted(moves, key=lambda move: move.on), opening_on=day(10, 31)))
    first = page(accountant, company, "transactions", account_of(company).pk, query=ALL)
    link = re.search(r'rel="next" href="[^"]*?(\?[^"]+)"', first)
    assert link
    seen = balances(accountant, company) + balances(accountant, company, link[1].replace("&amp;", "&"))
    assert seen == [f"{n},00" for n in range(SIZE + 20, 0, -1)]


# Filters


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("du=01/11/2026", ["VIR NOV", "CB NOV"]),
        ("au=31/10/2026", ["CB OCT"]),
        ("du=01/11/2026&au=15/11/2026", ["CB NOV"]),
        ("sens=credit", ["VIR NOV"]),
        ("sens=debit", ["CB NOV", "CB OCT"]),
        ("mini=100", ["VIR NOV", "CB OCT"]),
        ("mini=100&maxi=1 000,00", ["CB OCT"]),
        ("etat=ignoree", ["CB OCT"]),
        ("etat=rapproche", []),
        ("etat=inconnu", ["VIR NOV", "CB NOV", "CB OCT"]),
        ("mini=abc", ["VIR NOV", "CB NOV", "CB OCT"]),
    ],
)
def test_a_filter_leaves_what_it_says(accountant: Client, account: BankAccount, query: str, labels: list[str]):
    a_line(account, label="CB OCT", booked_on=day(10, 5), amount=Decimal("-500.00"), is_ignored=True)
    a_line(account, label="CB NOV", booked_on=day(11, 5), amount=Decimal("-5.76"))
    a_line(account, label="VIR NOV", booked_on=day(11, 20), amount=Decimal("2400.00"))
    html = page(accountant, account.company, "transactions", account.pk, query=f"{ALL}&{query}")
    assert re.findall(r'title="(CB [A-Z]+|VIR [A-Z]+)"', html) == labels


def test_a_filter_that_cannot_be_read_is_told(accountant: Client, account: BankAccount):
    html = page(accountant, account.company, "transactions", account.pk, query=f"{ALL}&du=demain&mini=abc")
    assert "n’est pas une date" in html
    assert "n’est pas un montant" in html
    assert "Aucune opération" in html

"""« Compte » on the pages: under a line of the bank, in the review, on a page of its own, on the purchase it may be."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banking.models import BankAccount, LineCoding
from firms.models import Company, Event, User
from firms.roles import Role
from tests.achats.posting_rows import a_receipt, open_company_of_2019
from tests.banking.test_coding import a_line, coded
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company, ledger_account=company.accounts.get(code="51210000"))


def test_the_page_of_the_purchase_warns_and_frees_the_line(accountant: Client, account: BankAccount, by: User):
    line = a_line(account, "-5.76")
    coded(line, by)
    invoice = a_receipt(account.company)
    address = reverse("achats:detail", args=[account.company.pk, invoice.pk])
    shown = accountant.get(address).content.decode()
    assert "Une ligne de ce montant est déjà imputée" in shown
    free = reverse("banking:uncode", args=[account.company.pk, line.pk]) + f"?facture={invoice.pk}"
    assert free in shown
    assert accountant.post(free).url == f"{address}#reglement"
    assert "déjà imputée" not in accountant.get(address).content.decode()


def test_the_list_of_the_bank_has_the_deed_under_the_line(accountant: Client, account: BankAccount):
    company, line = account.company, a_line(account)
    listed = reverse("banking:transactions", args=[company.pk, account.pk])
    address = reverse("banking:code", args=[company.pk, line.pk])
    assert f'hx-get="{address}"' in accountant.get(listed).content.decode()
    shown = accountant.get(address, headers=HTMX).content.decode()
    assert f'id="imputation-{line.pk}"' in shown
    assert "peut encore arriver de Dext" in shown
    refused = accountant.post(address, {"compte": "999"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Aucun compte du dossier ne répond" in refused.content.decode()
    code = company.vat_codes.get(code="TVA20").pk
    done = accountant.post(address, {"compte": "62780000", "code_tva": code, "tva": ""}, headers=HTMX).content.decode()
    assert "dont TVA 2,00\u00a0€. Écriture BQ-000001." in done
    assert "Imputé 62780000" in done
    assert "Reprendre l’imputation" in accountant.get(address, headers=HTMX).content.decode()
    filtered = accountant.get(f"{listed}?onglet=tout&etat=impute").content.decode()
    assert "COMMISSION CARTE BLEUE" in filtered
    back = accountant.post(reverse("banking:uncode", args=[company.pk, line.pk]), headers=HTMX)
    assert "de nouveau à traiter" in back.content.decode()
    assert not LineCoding.objects.exists()


def test_without_a_script_the_deed_has_its_page(accountant: Client, account: BankAccount):
    line = a_line(account)
    address = reverse("banking:code", args=[account.company.pk, line.pk])
    assert "Compte de la ligne" in accountant.get(address).content.decode()
    assert accountant.post(address, {"compte": ""}).status_code == 422
    done = accountant.post(address, {"compte": "frais et comm"}, follow=True)
    assert done.redirect_chain
    assert LineCoding.objects.exists() or "Plusieurs comptes" in done.content.decode()


def test_the_review_has_the_deed_and_its_undo(accountant: Client, account: BankAccount):
    company, line = account.company, a_line(account)
    review = accountant.get(reverse("banking:review", args=[company.pk])).content.decode()
    address = reverse("banking:code", args=[company.pk, line.pk]) + "?vue=rapprochement"
    assert f"{address}&amp;" in review
    refused = accountant.post(address, {"compte": "40110000"}, headers=HTMX)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, f"#r-{line.pk}")
    done = accountant.post(address, {"compte": "62780000"}, headers=HTMX).content.decode()
    assert f'id="l-{line.pk}"' in done
    assert "data-waits" not in done.split(">")[0]
    assert reverse("banking:uncode", args=[company.pk, line.pk]) in done
    every = accountant.get(reverse("banking:review", args=[company.pk]) + "?onglet=toutes").content.decode()
    assert "Reprendre l’imputation" in every


def test_a_reader_may_not(client: Client, account: BankAccount):
    client.force_login(member_of(account.company, role=Role.READER))
    line = a_line(account)
    assert client.post(reverse("banking:code", args=[account.company.pk, line.pk])).status_code == 403
    listed = client.get(reverse("banking:transactions", args=[account.company.pk, account.pk])).content.decode()
    assert "Compte de COMMISSION" not in listed


def test_the_account_of_the_chart_is_chosen_on_the_page_of_the_bank_account(accountant: Client, account: BankAccount):
    company, cash = account.company, account.company.accounts.get(code="53000000")
    address = reverse("banking:book", args=[company.pk, account.pk])
    accountant.post(address, {"ledger_account": cash.pk})
    account.refresh_from_db()
    assert account.ledger_account == cash
    accountant.post(address, {"ledger_account": company.accounts.get(code="62780000").pk})
    account.refresh_from_db()
    assert account.ledger_account == cash
    shown = accountant.get(reverse("banking:automation", args=[company.pk, account.pk])).content.decode()
    assert "53000000 Caisse" in shown
    assert Event.objects.filter(kind="bank_account.booked").count() == 1


def test_the_list_costs_no_more_for_lines_on_accounts(accountant: Client, account: BankAccount, by: User):
    address = reverse("banking:transactions", args=[account.company.pk, account.pk]) + "?onglet=tout"

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            accountant.get(address)
        return len(counted)

    coded(a_line(account, "-1.00"), by)
    accountant.get(address)
    one = asked()
    for number in range(2, 8):
        coded(a_line(account, f"-{number}.00"), by)
    assert asked() == one


def test_a_coded_line_stands_among_those_that_are_done_with_its_way_back(
    accountant: Client, account: BankAccount, by: User
):
    line, waiting = a_line(account, "-12.00"), a_line(account, "-7.00")
    coded(line, by)
    done = reverse("banking:review", args=[account.company.pk]) + "?onglet=rapprochees"
    shown = accountant.get(done)
    assert [pair.line for pair in shown.context["review"].pairs] == [line]
    assert "Imputé 62780000" in shown.content.decode()
    back = reverse("banking:uncode", args=[account.company.pk, line.pk])
    assert f'hx-post="{back}?vue=rapprochement' in shown.content.decode()
    accountant.post(f"{back}?vue=rapprochement&onglet=rapprochees")
    assert not accountant.get(done).context["review"].pairs
    to_do = reverse("banking:review", args=[account.company.pk])
    assert {pair.line for pair in accountant.get(to_do).context["review"].pairs} == {line, waiting}

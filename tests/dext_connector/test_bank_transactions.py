"""What Dext's own Bank Match is given: the lines that nothing explains yet, of one company, page by page."""

from decimal import Decimal

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken

from banking.models import BankTransaction
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory

PATH = "bank-transactions/?unmatched=true"


@pytest.fixture
def lines(company) -> list[BankTransaction]:
    account = BankAccountFactory(company=company, label="Compte courant", last_four="5678")
    return [BankTransactionFactory(account=account, amount=Decimal(f"-{n}.00")) for n in range(1, 6)]


def test_a_line_says_its_day_label_amount_and_account(dext, lines):
    line = lines[0]
    assert dext.get(dext.on_company(PATH)).json()["items"][0] == {
        "id": str(line.pk),
        "date": "2019-09-26",
        "label": line.label,
        "amount": "-1.00",
        "currency": "EUR",
        "account": {"id": str(line.account_id), "label": "Compte courant", "last_four": "5678"},
    }


def test_a_line_leaves_the_list_as_soon_as_a_part_of_it_is_matched_or_it_is_ignored(dext, lines, company):
    first = dext.get(dext.on_company(PATH))
    BankTransaction.objects.filter(pk=lines[0].pk).update(allocated_cents=40)
    BankTransaction.objects.filter(pk=lines[1].pk).update(is_ignored=True)
    after = dext.call("get", dext.on_company(PATH), headers={"If-None-Match": first["ETag"]})
    assert [row["id"] for row in after.json()["items"]] == [str(line.pk) for line in lines[2:]]


def test_lines_are_read_page_by_page_and_since_a_moment(dext, lines):
    page = dext.get(dext.on_company(f"{PATH}&limit=3")).json()
    rest = dext.get(dext.on_company(f"{PATH}&cursor={page['next_cursor']}")).json()
    assert [row["id"] for row in page["items"] + rest["items"]] == [str(line.pk) for line in lines]
    start = timezone.now()
    BankTransaction.objects.filter(pk=lines[3].pk).update(allocated_cents=0)
    answer = dext.call("get", dext.on_company(PATH), data={"updated_since": start.isoformat()})
    assert [row["id"] for row in answer.json()["items"]] == [str(lines[3].pk)]


def test_matched_lines_are_not_given(dext, lines):
    answer = dext.get(dext.on_company("bank-transactions/?unmatched=false"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_nothing_of_another_company_is_seen_and_the_scope_is_asked(dext, lines, company):
    BankTransactionFactory(account=BankAccountFactory(company=CompanyFactory(firm=company.firm)))
    assert len(dext.get(dext.on_company(PATH)).json()["items"]) == 5
    AccessToken.objects.update(scope="reference:read")
    answer = dext.get(dext.on_company(PATH))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")

"""What Dext loads of MEG, page by page, and nothing of another company."""

from decimal import Decimal

import pytest

from achats.models import Supplier
from banking.models import BankAccount, Match, MatchState, PaymentMethodMapping
from firms.models import Role
from tests.dext_connector.conftest import calling, item
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory, member_of


def test_companies_are_those_that_the_user_may_see(dext, company):
    CompanyFactory()
    (row,) = dext.get("companies/").json()["items"]
    assert row["id"] == str(company.pk)
    assert (row["code"], row["name"], row["currency"]) == (company.code, "Boulangerie Martin", "EUR")
    assert (row["accounting_mode"], row["locked_until"], row["connected"]) == ("accrual", None, False)
    assert row["fiscal_years"][0].keys() == {"start", "end"}
    assert dext.get(dext.on_company("")).json() == row


def test_destinations_are_achats(dext):
    assert dext.get(dext.on_company("destinations/")).json() == {
        "items": [{"code": "achats", "label": "Achats"}],
        "next_cursor": None,
    }


def test_accounts_are_read_page_by_page_in_the_order_of_their_codes(dext, company):
    found, cursor = [], ""
    while cursor is not None:
        page = dext.get(dext.on_company(f"accounts/?limit=50&cursor={cursor}")).json()
        assert len(page["items"]) <= 50
        found += page["items"]
        cursor = page["next_cursor"]
    codes = [row["code"] for row in found]
    assert codes == list(company.accounts.order_by("code").values_list("code", flat=True))
    reception = next(row for row in found if row["code"] == "62570000")
    assert reception | {"default_vat_code": None} == {
        "code": "62570000", "label": "Réceptions", "active": True, "purchase_allowed": True, "default_vat_code": None
    }  # fmt: skip


def test_vat_codes_say_what_they_may_serve_as(dext, company):
    rows = {row["code"]: row for row in dext.get(dext.on_company("vat-codes/")).json()["items"]}
    assert list(rows) == list(company.vat_codes.order_by("code").values_list("code", flat=True))
    none, twenty = rows["SANS"], rows["TVA20"]
    assert (none["code"], none["rate"], none["kind"], none["may_be_no_vat"]) == ("SANS", None, "none", True)
    assert (twenty["code"], twenty["rate"], twenty["may_be_marker"]) == ("TVA20", "20.00", True)


def test_payment_methods_lead_to_a_bank_account_or_a_person(dext, company):
    method = company.payment_methods.get(label="Paiement Pro (1234)")
    account = BankAccount.objects.create(company=company, key="k", label="Carte Pro", last_four="1234")
    PaymentMethodMapping.objects.create(company=company, payment_method=method, bank_account=account)
    rows = dext.get(dext.on_company("payment-methods/")).json()["items"]
    row = next(row for row in rows if row["id"] == str(method.pk))
    assert (row["label"], row["last_four"], row["kind"], row["person"]) == ("Paiement Pro (1234)", "1234", "card", None)
    assert row["bank_account"] == {"id": str(account.pk), "label": "Carte Pro", "last_four": "1234"}


def test_suppliers_are_those_of_the_company(dext, company):
    Supplier.objects.create(company=CompanyFactory(firm=company.firm), name="Ailleurs")
    supplier = Supplier.objects.create(company=company, name="Starbucks")
    (row,) = dext.get(dext.on_company("suppliers/")).json()["items"]
    assert (row["id"], row["name"], row["aliases"]) == (str(supplier.pk), "Starbucks", [])
    assert set(row["defaults"].values()) == {None, False}


def test_a_list_costs_the_same_for_one_row_as_for_many(dext, company, django_assert_num_queries):
    with django_assert_num_queries(4):
        dext.get(dext.on_company("accounts/?limit=1"))
    with django_assert_num_queries(4):
        dext.get(dext.on_company("accounts/?limit=200"))


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=²", "cursor=é", "cursor=AA", "cursor=eA"])
def test_a_page_that_cannot_be_is_refused(dext, query):
    answer = dext.get(dext.on_company(f"suppliers/?{query}"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_reader_reads(company):
    assert calling(member_of(company, Role.READER), company).get("companies/").status_code == 200


def test_an_address_that_does_not_exist_and_a_wrong_method_are_problems(dext):
    for answer, status in ((dext.get("nothing/here/"), 404), (dext.call("patch", "companies/"), 405)):
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status


@pytest.mark.parametrize("path", ["login/", "me/", "companies/", "{c}", "{c}publish/", "{c}settings/", "{c}items/x/"])
@pytest.mark.parametrize("method", ["options", "head", "delete", "put"])
def test_no_method_makes_the_server_fail(dext, path, method):
    path = path.replace("{c}", dext.on_company(""))
    assert dext.call(method, path, {} if method == "put" else None).status_code < 500


def test_calls_are_counted_a_minute_and_token(dext, settings):
    settings.DEXT_CALLS_PER_MINUTE = 2
    first, second, third = (dext.get("me/") for _ in range(3))
    assert (first.status_code, first["RateLimit-Limit"], first["RateLimit-Remaining"]) == (200, "2", "1")
    assert second["RateLimit-Remaining"] == "0"
    assert third.status_code == 429
    assert third["RateLimit-Remaining"] == "0"
    assert 0 < int(third["Retry-After"]) <= 60


def test_an_item_says_what_its_match_is_and_why(dext, company):
    dext.publish(item())
    account = BankAccountFactory(company=company)
    line = BankTransactionFactory(account=account, amount=Decimal("-4.85"), label="CB STARBUCKS 2509")
    reasons = [{"code": "amount_equal", "values": {"currency": "EUR"}}]
    facts = {"company": company, "invoice": company.purchase_invoices.get(), "amount_cents": 485, "reasons": reasons}
    other = BankTransactionFactory(account=account, amount=Decimal("-4.85"))
    Match.objects.create(**facts, transaction=other, state=MatchState.SUGGESTED)
    assert dext.get(dext.on_company("items/RB-88213/")).json()["match"]["state"] == "suggested"
    Match.objects.create(**facts, transaction=line, state=MatchState.AUTO)
    assert dext.get(dext.on_company("items/RB-88213/")).json()["match"] == {
        "state": "auto",
        "amount": "4.85",
        "transaction": {
            "id": str(line.pk),
            "date": line.booked_on.isoformat(),
            "label": "CB STARBUCKS 2509",
            "amount": "-4.85",
        },
        "reasons": ["Montant identique au centime"],
    }


def test_an_item_says_where_it_stands(dext, company):
    dext.publish(item())
    answer = dext.get(dext.on_company("items/RB-88213/"))
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["settlement"], answer.json()["match"]) == (
        "ready",
        "unsettled",
        None,
    )
    assert dext.get(dext.on_company("items/RB-1/")).status_code == 404
    assert Decimal("4.85") == company.purchase_invoices.get().gross_amount

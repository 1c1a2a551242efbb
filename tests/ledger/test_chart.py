"""The chart that every company starts with."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.chart.loading import HERE, NO_VAT_MARKER, VAT_MARKER, load_chart, read
from ledger.models import Account, VatCode, VatKind
from tests.factories.firms import CompanyFactory

PLAN = Path(__file__).parents[3] / "shared/samples/pcg/pcg_2026_flat.csv"
TOKENS = (
    "512",
    "530",
    "580",
    "401",
    "404",
    "4091",
    "4096",
    "44562",
    "44566",
    "44586",
    "421",
    "455",
    "467",
    "108",
    "471",
)


def codes() -> list[str]:
    return [row["code"] for row in read("pcg_2026_purchases.csv")]


def test_the_accounts_are_written_once_in_order_on_eight_digits():
    assert codes() == sorted(set(codes()))
    assert all(len(code) == 8 and code.isdigit() for code in codes())


@pytest.mark.parametrize("token", [*TOKENS, *(str(number) for number in range(601, 609)), "611", "658", "661", "758"])
def test_the_accounts_that_purchases_need_are_there(token: str):
    assert token.ljust(8, "0") in codes()


def test_receptions_are_62570000():
    rows = {row["code"]: row["label"] for row in read("pcg_2026_purchases.csv")}
    assert rows["62570000"] == "Réceptions"


def test_every_account_is_one_of_the_plan_of_2026():
    if not PLAN.exists():
        pytest.skip(f"{PLAN} is not there")
    with PLAN.open(encoding="utf-8") as file:
        plan = {row["compte_8"] for row in csv.DictReader(file, delimiter=";")}
    assert set(codes()) <= plan


def test_third_parties_vat_and_cash_are_closed_to_purchases():
    closed = {row["code"][:2] for row in read("pcg_2026_purchases.csv") if row["purchase"] == "0"}
    opened = {row["code"][:2] for row in read("pcg_2026_purchases.csv") if row["purchase"] == "1"}
    assert {"44", "51", "53", "58"} <= closed
    assert not {"44", "51", "53", "58"} & opened


def test_no_file_bears_a_character_of_another_encoding():
    for file in HERE.glob("*.csv"):
        assert "\ufffd" not in file.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_what_a_person_changed():
    company = CompanyFactory()
    Account.objects.filter(company=company, code="62570000").update(label="Réceptions clients", is_active=False)
    before = list(company.accounts.values_list("pk", "label"))
    load_chart(company=company)
    assert list(company.accounts.values_list("pk", "label")) == before
    assert company.vat_codes.count() == len(list(read("vat_codes.csv")))


@pytest.mark.django_db
def test_every_row_is_valid_and_every_default_vat_code_exists():
    company = CompanyFactory()
    for row in [*company.vat_codes.all(), *company.accounts.select_related("default_vat_code")]:
        row.full_clean(validate_unique=False)
    named = {row["vat_code"] for row in read("pcg_2026_purchases.csv")} - {""}
    assert named <= set(company.vat_codes.filter(is_active=True).values_list("code", flat=True))


@pytest.mark.django_db
def test_the_vat_codes_cover_every_kind_rate_and_share():
    company = CompanyFactory()
    active = company.vat_codes.filter(is_active=True)
    assert {code.kind for code in active} == set(VatKind)
    deductible = active.filter(kind=VatKind.DEDUCTIBLE, deductible_percent=100).exclude(rate=None)
    assert {code.rate for code in deductible} == {Decimal(rate) for rate in ("20", "10", "5.5", "2.1")}
    assert set(active.values_list("deductible_percent", flat=True)) == {0, 80, 100}


@pytest.mark.django_db
def test_the_default_markers_may_be_markers():
    company = CompanyFactory()
    assert company.vat_codes.get(code=VAT_MARKER).may_be_marker
    assert company.vat_codes.get(code=NO_VAT_MARKER).may_be_no_vat
    assert not company.vat_codes.filter(may_be_marker=True, kind__in=[VatKind.NONE, VatKind.EXEMPT]).exists()


@pytest.mark.django_db
def test_the_rate_of_20_begins_in_2014():
    from datetime import date

    company = CompanyFactory()
    assert not VatCode.objects.filter(company=company, code="TVA20").active_on(date(2013, 12, 31)).exists()
    assert VatCode.objects.filter(company=company, code="TVA20").active_on(date(2014, 1, 1)).exists()

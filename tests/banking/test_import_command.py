"""`manage.py import_statement`: what a file leaves out is told, or it is refused with the reason and exit 2."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from banking.accounts.choosing import NoSuchAccount, account_by_words
from banking.models import BankAccount, ImportState
from firms.models import Company
from tests.banking.statements.samples import SHARED
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory

QIF = "!Type:Bank\nD05/11/2026\nT-124,80\nPEDF\n^\nD06/11/2026\nT2400,00\nPACME\n^\n"
IBAN = "FR7630004001230001234567843"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "releve.qif"
    path.write_text(QIF)
    return path


def bring(company: Company, path: Path, *words: str) -> str:
    out = StringIO()
    call_command("import_statement", str(path), "--company", company.code, *words, stdout=out)
    return out.getvalue()


def refusal(company: Company, path: Path, *words: str) -> str:
    with pytest.raises(CommandError) as refused:
        bring(company, path, *words)
    assert refused.value.returncode == 2
    return str(refused.value)


@pytest.mark.parametrize("words", ["30004-00123-00012345678", IBAN, "FR76 3000 4001 2300 0123 4567 843", "5678"])
def test_a_file_that_names_no_account_is_told_it_by_key_iban_or_last_four(
    account_5678: BankAccount, file: Path, words: str
):
    bring(account_5678.company, file, "--account", words, "--date-order", "dmy")
    assert [line.booked_on.month for line in account_5678.transactions.all()] == [11, 11]


@pytest.fixture
def account_5678(company: Company) -> BankAccount:
    return BankAccountFactory.create(
        company=company,
        key="30004-00123-00012345678",
        bank_code="30004",
        branch_code="00123",
        number="00012345678",
        iban=IBAN,
        last_four="5678",
    )


def test_what_is_not_told_is_asked_by_the_name_of_its_option(account_5678: BankAccount, file: Path):
    company = account_5678.company
    assert "--account" in refusal(company, file, "--date-order", "dmy")
    assert "--date-order" in refusal(company, file, "--account", "5678")
    assert set(company.statement_imports.values_list("state", flat=True)) == {ImportState.NEEDS_TELLING}
    assert not company.bank_transactions.exists()


def test_the_order_that_is_told_is_the_one_that_is_read(account_5678: BankAccount, file: Path):
    bring(account_5678.company, file, "--account", "5678", "--date-order", "mdy")
    assert {line.booked_on.day for line in account_5678.transactions.all()} == {11}


def test_two_accounts_with_the_same_end_are_not_told_apart_by_it(account_5678: BankAccount, file: Path):
    BankAccountFactory.create(company=account_5678.company, last_four="5678", label="Carte")
    assert "Plusieurs comptes" in refusal(account_5678.company, file, "--account", "5678", "--date-order", "dmy")


def test_an_account_of_another_company_is_not_found(account_5678: BankAccount):
    other = CompanyFactory.create(firm=account_5678.company.firm)
    with pytest.raises(NoSuchAccount):
        account_by_words(company=other, words=IBAN)


def test_an_account_unknown_yet_is_made_from_its_iban_when_that_is_asked(company: Company, file: Path):
    assert "aucun" in refusal(company, file, "--account", IBAN, "--date-order", "dmy")
    bring(company, file, "--account", IBAN, "--date-order", "dmy", "--create-account")
    assert company.bank_accounts.get().key == "30004-00123-00012345678"
    assert company.bank_transactions.count() == 2


def samples() -> list[Path]:
    if not SHARED.exists():
        return []
    kinds = {".txt", ".ofx", ".csv", ".xml", ".sta", ".qif"}
    return sorted(path for path in SHARED.rglob("*") if path.suffix in kinds)


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.name)
def test_every_sample_is_imported_or_refused_with_its_reason(account_5678: BankAccount, path: Path):
    company = account_5678.company
    words = ["--create-account", "--date-order", "dmy", "--account", IBAN]
    try:
        said = bring(company, path, *words)
    except CommandError as refused:
        code, reason = refused.returncode, str(refused)
    else:
        count = company.bank_transactions.count()
        assert said.startswith(f"{count} nouvelle")
        code, reason = 2, bring(company, path, *words)
        assert reason.startswith("0 nouvelle")
    assert (code, bool(reason)) == (2, True)
    assert company.bank_transactions.count() == sum(company.statement_imports.values_list("added", flat=True))

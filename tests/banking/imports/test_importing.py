import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from banking.accounts.recognising import UnknownBankAccount, WrongCurrency
from banking.imports.importing import import_statement
from banking.models import BankAccount, BankStatement, BankTransaction, ImportState, StatementImport
from banking.statements.statement import UnreadableStatement
from firms.models import Company, Event
from tests.banking.statements.samples import own, shared
from tests.banking.statements.writers import Move, cfonb, ofx
from tests.factories.firms import CompanyFactory, FirmFactory, member_of

DAY = date(2026, 11, 10)
TWINS = [Move(DAY, -250, "CB CAFE"), Move(DAY, -250, "CB CAFE"), Move(date(2026, 11, 12), 10_000, "VIR")]


def new_company(**fields: object) -> Company:
    return CompanyFactory.create(**fields)


@pytest.fixture
def company(db: None) -> Company:
    return new_company()


def bring(company: Company, text: str | bytes, *, create_account: bool = True) -> StatementImport:
    data = text if isinstance(text, bytes) else text.encode("latin-1")
    return import_statement(company=company, data=data, filename="relevé.txt", create_account=create_account)


def amounts(company: Company) -> list[Decimal]:
    return list(company.bank_transactions.order_by("booked_on", "id").values_list("amount", flat=True))


def test_a_statement_becomes_an_account_its_balances_and_its_lines(company: Company) -> None:
    imported = bring(company, own("cfonb120_two_accounts.txt"))
    assert (imported.state, imported.added, imported.known) == (ImportState.DONE, 3, 0)
    account = company.bank_accounts.get(key="30004-00123-00012345678")
    assert (account.iban, account.last_four) == ("FR7630004001230001234567843", "5678")
    statement = account.statements.get()
    assert (statement.opening_amount, statement.closing_amount) == (Decimal("1250.00"), Decimal("2000.70"))
    debit = statement.transactions.get(amount="-1743.54")
    assert (debit.booked_on, debit.kind, debit.creditor_identifier) == (date(2019, 8, 19), "B1", "FR12ZZZ123456")
    assert (debit.mandate, debit.company_id) == ("MANDAT42", company.pk)
    assert "FACTURE FA006834" in debit.detail
    assert company.bank_accounts.count() == 2


def test_an_import_says_who_brought_it_and_leaves_an_event(company: Company) -> None:
    by = member_of(company)
    imported = import_statement(
        company=company, data=cfonb(TWINS).encode(), filename="relevé.txt", by=by, create_account=True
    )
    assert (imported.by, imported.filename) == (by, "relevé.txt")
    event = Event.objects.get(company=company, kind="statement.imported")
    assert (event.subject_id, event.by) == (imported.pk, by)


def test_the_same_file_again_adds_nothing(company: Company) -> None:
    bring(company, cfonb(TWINS))
    again = bring(company, cfonb(TWINS))
    assert (again.added, again.known) == (0, 3)
    assert again.message.startswith("Déjà importé le ")
    assert amounts(company) == [Decimal("-2.50"), Decimal("-2.50"), Decimal("100.00")]
    assert BankStatement.objects.filter(company=company).count() == 1


def test_a_file_that_overlaps_adds_only_what_is_new(company: Company) -> None:
    bring(company, ofx(TWINS[:1], end=DAY))
    more = bring(company, ofx(TWINS, start=DAY))
    assert (more.added, more.known) == (2, 1)


def test_the_same_operations_from_another_format_are_known(company: Company) -> None:
    bring(company, cfonb(TWINS))
    reworded = [Move(move.on, move.cents, f"PAIEMENT {move.label}") for move in TWINS]
    assert (bring(company, ofx(reworded)).added, len(amounts(company))) == (0, 3)


def test_an_ofx_without_branch_is_of_the_account_that_has_one(company: Company) -> None:
    bring(company, cfonb(TWINS))
    bare = "<BANKID>30004<ACCTID>00012345678"
    assert bring(company, ofx(TWINS, account=bare), create_account=False).known == 3


def test_an_account_made_by_its_iban_is_recognised(company: Company) -> None:
    BankAccount.objects.create(company=company, key="à la main", label="BNP", iban="FR7630004001230001234567843")
    bring(company, cfonb(TWINS), create_account=False)
    assert company.bank_accounts.get().transactions.count() == 3


def test_an_unknown_account_is_named_and_nothing_is_stored(company: Company) -> None:
    with pytest.raises(UnknownBankAccount, match="30004-00123-00012345678"):
        bring(company, cfonb(TWINS), create_account=False)
    assert not company.bank_accounts.exists()
    assert not amounts(company)


def test_an_account_of_another_company_is_unknown(company: Company) -> None:
    other = new_company(firm=company.firm)
    bring(other, cfonb(TWINS))
    with pytest.raises(UnknownBankAccount):
        bring(company, cfonb(TWINS), create_account=False)
    assert bring(company, cfonb(TWINS)).added == 3
    assert len(amounts(other)) == len(amounts(company)) == 3


def test_a_refusal_is_recorded_with_its_reason_and_stores_nothing_else(company: Company) -> None:
    with pytest.raises(UnreadableStatement, match="Écart"):
        bring(company, cfonb(TWINS, gap=10))
    refused = company.statement_imports.get()
    assert (refused.state, refused.added) == (ImportState.REFUSED, 0)
    assert "Écart\u00a0: 0,10\u00a0€" in refused.message
    assert not company.bank_accounts.exists()


def test_one_wrong_statement_refuses_the_file_whole(company: Company) -> None:
    with pytest.raises(UnreadableStatement):
        bring(company, cfonb(TWINS) + cfonb([], gap=1, number="00099998888"))
    assert not amounts(company)


def test_another_currency_than_the_accounts_is_refused(company: Company) -> None:
    bring(company, cfonb(TWINS))
    with pytest.raises(WrongCurrency, match="USD"):
        bring(company, ofx(TWINS, currency="USD"))


def test_pacific_francs_are_whole(company: Company) -> None:
    bring(company, cfonb([Move(DAY, -1_500)], currency="XPF", decimals="0"))
    assert amounts(company) == [Decimal("-1500.00")]
    assert bring(company, cfonb([Move(DAY, -1_500)], currency="XPF", decimals="")).known == 1


def test_a_missing_statement_is_told(company: Company) -> None:
    bring(company, cfonb(TWINS))
    later = cfonb([], opening=12_345, opening_on=date(2026, 12, 1), closing_on=date(2026, 12, 31))
    imported = bring(company, later)
    assert imported.message.startswith("Les soldes ne se suivent pas\u00a0: 95,00\u00a0€ au 30/11/2026")


def test_what_was_imported_is_matched_once_it_is_committed(
    company: Company, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks() as first:
        bring(company, cfonb(TWINS))
    with django_capture_on_commit_callbacks() as again:
        bring(company, cfonb(TWINS))
    assert (len(first), len(again)) == (1, 0)


def test_the_number_of_queries_does_not_grow_with_the_lines(company: Company) -> None:
    counts = []
    for number in (10, 500):
        many = [Move(date(2026, 11, 1 + rank % 28), -rank - 1, f"CB {number} {rank}") for rank in range(number)]
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                bring(company, ofx(many, account=f"<BANKID>30004<BRANCHID>00123<ACCTID>{number:011}"))
            counts.append(len(asked))
    assert counts[2:] == counts[:2]
    assert max(counts) <= 27


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_the_same_time_add_each_line_once() -> None:
    company = new_company()
    data = ofx([Move(date(2026, 11, 1 + rank % 28), -250, "CB CAFE") for rank in range(200)]).encode()
    together = threading.Barrier(4)

    def run(_: int) -> int:
        try:
            together.wait(timeout=20)
            return bring(company, data).added
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(run, range(4)))
    assert sorted(added) == [0, 0, 0, 200]
    assert BankTransaction.objects.filter(company=company).count() == 200
    assert (company.bank_accounts.count(), company.bank_statements.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_refusal_stays_recorded_when_it_is_raised() -> None:
    company = new_company()
    with pytest.raises(UnreadableStatement):
        bring(company, b"%PDF-1.7")
    assert not connection.in_atomic_block
    assert company.statement_imports.get().message.startswith("Refusé\u00a0: c’est un PDF.")


def run_command(path: Path, *words: str) -> str:
    out = StringIO()
    call_command("import_statement", str(path), *words, stdout=out)
    return out.getvalue()


def test_the_command_says_in_one_line_what_came_of_it(company: Company, tmp_path: Path) -> None:
    path = tmp_path / "relevé.txt"
    path.write_bytes(cfonb(TWINS).encode())
    first = run_command(path, "--company", company.code, "--create-account")
    assert first == "3 nouvelles · 0 connue · Compte 30004 …5678\n"
    again = run_command(path, "--company", company.code)
    assert again.startswith("0 nouvelle · 3 connues · Compte 30004 …5678 · Déjà importé le ")


def test_the_command_says_the_refusal_and_ends_with_2(company: Company, tmp_path: Path) -> None:
    path = tmp_path / "relevé.txt"
    path.write_bytes(cfonb(TWINS, gap=10).encode())
    for words, reason in [(["--create-account"], "Écart"), (["--firm", "AUTRE"], "Aucun dossier")]:
        with pytest.raises(CommandError, match=reason) as refused:
            run_command(path, "--company", company.code, *words)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="illisible") as absent:
        run_command(tmp_path / "absent.txt", "--company", company.code)
    assert absent.value.returncode == 2


def test_a_code_that_two_firms_have_wants_the_firm(company: Company, tmp_path: Path) -> None:
    other = new_company(firm=FirmFactory.create(), code=company.code)
    path = tmp_path / "relevé.txt"
    path.write_bytes(cfonb(TWINS).encode())
    with pytest.raises(CommandError, match="--firm"):
        run_command(path, "--company", company.code, "--create-account")
    run_command(path, "--company", company.code, "--create-account", "--firm", other.firm.code)
    assert (len(amounts(other)), len(amounts(company))) == (3, 0)


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("cfonb120/pennylane_example.txt", 6),
        ("cfonb120/silarhi_complex-test.txt", 5),
        ("ofx/synthetic_fr_xml_211.ofx", 1),
    ],
)
def test_real_files_are_imported_once(company: Company, name: str, added: int) -> None:
    assert bring(company, shared(name)).added == added
    assert (bring(company, shared(name)).added, len(amounts(company))) == (0, added)


def test_the_quirky_ofx_files_of_one_account_add_its_operations_once(company: Company) -> None:
    quirks = ["comma_decimals", "1252_accents_amp", "name_over_32", "no_ledgerbal"]
    for quirk in quirks:
        bring(company, shared(f"ofx/synthetic_fr_sgml_{quirk}.ofx"))
    assert amounts(company) == [Decimal("-124.80"), Decimal("2400.00"), Decimal("-500.00")]

"""A watched folder: each settled file once, whole, by one worker, and moved aside with its reason."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.utils import timezone

from banking.imports.watching import SETTLED_SECONDS, watch_firms, watch_folder
from banking.tasks import watch_bank_feeds
from firms.models import Company
from tests.banking.statements.writers import Move, cfonb
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory

LATER = timedelta(seconds=SETTLED_SECONDS + 5)
FILE = cfonb([Move(date(2026, 11, 10), -485, "CB STARBUCKS")])


def with_account(company: Company) -> Company:
    BankAccountFactory.create(company=company, key="30004-00123-00012345678")
    return company


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name[0] != "."}


def test_a_settled_file_is_imported_once_and_moved(company: Company, tmp_path: Path):
    with_account(company)
    (tmp_path / "releve.txt").write_text(FILE)
    assert watch_folder(folder=tmp_path, company=company, at=timezone.now()) == []
    [taken] = watch_folder(folder=tmp_path, company=company, at=timezone.now() + LATER)
    assert (taken.name, taken.refusal) == ("releve.txt", "")
    assert names(tmp_path) == {"traités/releve.txt"}
    assert watch_folder(folder=tmp_path, company=company, at=timezone.now() + LATER) == []
    assert company.bank_transactions.count() == 1


def test_a_date_that_the_copy_brought_along_does_not_make_a_file_settled(company: Company, tmp_path: Path):
    path = tmp_path / "releve.txt"
    path.write_text(FILE)
    os.utime(path, (0, 0))
    assert watch_folder(folder=tmp_path, company=company, at=timezone.now()) == []


def test_a_refused_file_has_its_reason_beside_it_in_french(company: Company, tmp_path: Path):
    (tmp_path / "faux.txt").write_text("%PDF-1.7")
    (tmp_path / "inconnu.txt").write_text(FILE)
    watch_folder(folder=tmp_path, company=company, at=timezone.now() + LATER)
    assert names(tmp_path) == {
        f"refusés/{name}" for name in ("faux.txt", "faux.txt.txt", "inconnu.txt", "inconnu.txt.txt")
    }
    assert (tmp_path / "refusés/faux.txt.txt").read_text().startswith("Refusé\u00a0: c’est un PDF")
    assert company.statement_imports.count() == 2


def test_a_file_of_a_name_that_came_before_hides_none(company: Company, tmp_path: Path):
    with_account(company)
    for number in (1, 2):
        (tmp_path / "releve.txt").write_text(cfonb([Move(date(2026, 11, number), -485)]))
        watch_folder(folder=tmp_path, company=company, at=timezone.now() + LATER)
    assert len(names(tmp_path / "traités")) == 2
    assert company.bank_transactions.count() == 2


def test_what_is_being_written_hidden_or_linked_is_left_alone(company: Company, tmp_path: Path):
    for name in ("releve.txt.part", ".releve.txt", "releve.TMP"):
        (tmp_path / name).write_text(FILE)
    (tmp_path / "lien.txt").symlink_to(tmp_path / ".releve.txt")
    assert watch_folder(folder=tmp_path, company=company, at=timezone.now() + LATER) == []
    assert not company.statement_imports.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_file(tmp_path: Path):
    company = with_account(CompanyFactory.create())
    for number in range(1, 9):
        (tmp_path / f"{number}.txt").write_text(cfonb([Move(date(2026, 11, number), -485)]))
    together = threading.Barrier(4)

    def run(_: int) -> int:
        try:
            together.wait(timeout=20)
            return len(watch_folder(folder=tmp_path, company=company, at=timezone.now() + LATER))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 8
    assert company.statement_imports.count() == 8
    assert len(names(tmp_path / "traités")) == 8


def test_each_company_has_its_folder_in_its_firms(company: Company, tmp_path: Path, settings):
    with_account(company)
    theirs = CompanyFactory.create(code=company.code)
    mine = tmp_path / company.firm.code / company.code
    for folder in (mine, tmp_path / "PERSONNE" / "RIEN"):
        folder.mkdir(parents=True)
        (folder / "releve.txt").write_text(FILE)
    watch_firms(root=tmp_path, at=timezone.now() + LATER)
    assert (company.bank_transactions.count(), theirs.bank_transactions.count()) == (1, 0)
    assert names(tmp_path / "PERSONNE") == {"RIEN/releve.txt"}
    settings.BANK_FEED_DIR = str(tmp_path)
    watch_bank_feeds()
    assert names(mine) == {"traités/releve.txt"}


def test_the_command_says_what_it_took(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("banking.imports.watching.SETTLED_SECONDS", 0)
    with_account(company)
    (tmp_path / "releve.txt").write_text(FILE)
    out = StringIO()
    call_command("watch_statements", str(tmp_path), "--company", company.code, stdout=out)
    assert out.getvalue() == "releve.txt\u00a0: enregistré.\n"
    with pytest.raises(CommandError, match="illisible") as refused:
        call_command("watch_statements", str(tmp_path / "absent"), "--company", company.code)
    assert refused.value.returncode == 2

"""A file that was kept is read once, by whoever comes first, whatever was killed in between."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from banking.imports.importing import MOST_ATTEMPTS, bring_statement, imports_left_behind, read_import, read_soon
from banking.imports.statement_files import MAX_BYTES, StatementTooLarge, keep_file, path_of
from banking.models import ImportState, StatementImport
from banking.tasks import read_statement, sweep_unread_statements
from firms.models import Company
from tests.banking.imports.test_importing import TWINS
from tests.banking.statements.writers import Move, cfonb
from tests.factories.firms import CompanyFactory


def brought(company: Company, text: str, **fields) -> StatementImport:
    return bring_statement(
        company=company, chunks=[text.encode("latin-1")], filename="relevé.txt", create_account=True, **fields
    )


def state_of(row: StatementImport) -> tuple[str, int]:
    row.refresh_from_db()
    return row.state, row.added


def test_what_died_while_it_read_is_read_again_and_nothing_is_doubled(company: Company):
    row = brought(company, cfonb(TWINS))
    StatementImport.objects.update(state=ImportState.READING, started_at=timezone.now(), attempts=1)
    assert imports_left_behind(at=timezone.now()) == []
    assert imports_left_behind(at=timezone.now() + timedelta(minutes=2)) == [row.pk]
    read_import(import_id=row.pk, at=timezone.now())
    assert state_of(row) == (ImportState.DONE, 3)
    assert read_import(import_id=row.pk, at=timezone.now()) is None
    assert company.bank_transactions.count() == 3


def test_a_file_that_kills_its_reader_is_given_up(company: Company):
    row = brought(company, cfonb(TWINS))
    StatementImport.objects.update(state=ImportState.READING, attempts=MOST_ATTEMPTS)
    read_import(import_id=row.pk, at=timezone.now())
    assert state_of(row) == (ImportState.REFUSED, 0)


def test_a_failure_of_ours_stores_nothing_and_is_tried_again(company: Company, monkeypatch: pytest.MonkeyPatch):
    row = brought(company, cfonb(TWINS))
    with monkeypatch.context() as broken:
        broken.setattr("banking.imports.storing.copy_lines", fail)
        with pytest.raises(RuntimeError):
            read_import(import_id=row.pk, at=timezone.now())
    assert (state_of(row)[0], company.bank_accounts.count()) == (ImportState.READING, 0)
    read_import(import_id=row.pk, at=timezone.now())
    assert state_of(row) == (ImportState.DONE, 3)


def fail(*args: object, **kwargs: object) -> None:
    raise RuntimeError


def test_a_file_lost_from_the_disk_is_refused_in_words(company: Company):
    row = brought(company, cfonb(TWINS, opening=77))
    path_of(row.sha256).unlink()
    read_import(import_id=row.pk, at=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.message[:6]) == (ImportState.REFUSED, "Refusé")


def test_the_line_in_cause_is_kept(company: Company):
    row = brought(company, cfonb(TWINS).replace("CB CAFE", "CB CAFÉ").replace("101126", "311126", 1))
    read_import(import_id=row.pk, at=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.line_number) == (ImportState.REFUSED, 2)


def test_more_than_200_mb_is_refused_before_it_is_kept_or_read():
    piece = bytes(MAX_BYTES // 4)
    drawn = []

    def endless():
        while True:
            drawn.append(1)
            yield piece

    with pytest.raises(StatementTooLarge, match="200 Mo"):
        keep_file(endless(), filename="enorme.txt")
    assert len(drawn) == 5
    assert not list(Path(settings.STATEMENTS_DIR).glob(".new-*"))


def test_an_archive_is_left_to_the_worker_whatever_its_size(company: Company):
    row = bring_statement(company=company, chunks=BytesIO(b"PK\x03\x04"), filename="releves.zip")
    assert read_soon(row, at=timezone.now()).state == ImportState.WAITING


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("celery_worker_process")
def test_the_worker_reads_what_waits_and_the_sweep_finds_what_was_lost(shared_worker):
    company = CompanyFactory.create()
    row = brought(company, cfonb(TWINS))
    read_statement.delay(import_id=str(row.pk))
    read_statement.delay(import_id=str(row.pk))
    lost = brought(company, cfonb([Move(TWINS[0].on, -1)], opening=9_500))
    StatementImport.objects.filter(pk=lost.pk).update(at=timezone.now() - timedelta(minutes=5))
    sweep_unread_statements()
    assert shared_worker.wait_until_idle()
    assert state_of(row) == (ImportState.DONE, 3)
    assert state_of(lost) == (ImportState.DONE, 1)

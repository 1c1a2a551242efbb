"""A statement file that somebody brings: kept, read now or by the worker, stored once; whatever stops in between."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from banking.imports.asking import REFUSALS, note_refusal, told_of
from banking.imports.statement_files import StatementTooLarge, keep_file, path_of
from banking.imports.storing import store_statements
from banking.models import UNDER_WAY, BankAccount, ImportState, StatementImport
from banking.statements.archive import is_zip
from banking.statements.detect import stream_statements
from firms.models import Company, User
from firms.sending import send_on_commit

__all__ = ["REFUSALS", "StatementTooLarge", "bring_statement", "import_statement", "read_import", "read_soon"]

# A file of this size is read while its sender waits: some 4,000 lines, well under a second.
AT_ONCE_BYTES = 512 * 1024
SWEPT_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 3
GIVEN_UP = "Refusé : MEG Achats n’a pas pu lire ce fichier, après trois essais. Signalez-le à votre administrateur."
LOST = "Refusé : le fichier n’est plus sur le disque. Importez-le à nouveau."
PROGRESS_SECONDS = 3_600


@transaction.atomic
def bring_statement(
    *,
    company: Company,
    chunks: Iterable[bytes],
    filename: str,
    by: User | None = None,
    account: BankAccount | None = None,
    date_order: str = "",
    create_account: bool = False,
) -> StatementImport:
    """Keep a file, with what its bringer says of it; it waits to be read. Raises StatementTooLarge or OSError.

    The bytes are on the disk before the row is.
    """
    name = filename[-200:] or "relevé"
    sha256, size = keep_file(chunks, filename=name)
    return StatementImport.objects.create(
        company=company,
        filename=name,
        sha256=sha256,
        size=size,
        by=by,
        told_account=account,
        told_date_order=date_order,
        may_create_account=create_account,
    )


def import_statement(
    *,
    company: Company,
    data: bytes,
    filename: str,
    by: User | None = None,
    account: BankAccount | None = None,
    date_order: str = "",
    create_account: bool = False,
) -> StatementImport:
    """Bring a file and read it at once. All or nothing: a refusal is recorded, then raised (REFUSALS).

    Call it outside any transaction, or the record of a refusal goes with the caller's.
    """
    brought = bring_statement(
        company=company,
        chunks=[data],
        filename=filename,
        by=by,
        account=account,
        date_order=date_order,
        create_account=create_account,
    )
    return read_now(brought)


def read_now(brought: StatementImport) -> StatementImport:
    """Read what was just brought, and raise its refusal (REFUSALS)."""
    done = read_import(import_id=brought.pk, at=timezone.now())
    if done is None:
        brought.refresh_from_db()
        return brought
    if done.refusal:
        raise done.refusal
    return done


def read_soon(brought: StatementImport, *, at: datetime) -> StatementImport:
    """Read a small file now, and have the worker read a large one (or an archive, whose size says nothing)."""
    if brought.size <= AT_ONCE_BYTES and not is_zip(_head(brought)):
        return read_import(import_id=brought.pk, at=at) or brought
    send_on_commit("banking.tasks.read_statement", import_id=str(brought.pk))
    return brought


def _head(brought: StatementImport) -> bytes:
    with path_of(brought.sha256).open("rb") as file:
        return file.read(4)


def read_import(*, import_id: UUID, at: datetime) -> StatementImport | None:
    """Read and store a file that waits. None where another does it now, or it is over. May run twice, and be killed.

    The row is locked all the while: where it is « reading » and free, its reader died, and had stored nothing.
    """
    waiting = StatementImport.objects.filter(pk=import_id, state__in=UNDER_WAY)
    with transaction.atomic():
        if not waiting.select_for_update(skip_locked=True, no_key=True).exists():
            return None
        waiting.update(state=ImportState.READING, started_at=at, attempts=F("attempts") + 1)
    with transaction.atomic():
        held = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        brought = held.select_related("company", "told_account", "by").first()
        if brought:
            _read(brought, at)
            brought.save()
        return brought


def _read(brought: StatementImport, at: datetime) -> None:
    """Set in the row what came of reading; nothing is stored but what is stored whole."""
    if brought.attempts > MOST_ATTEMPTS:
        brought.state, brought.message = ImportState.REFUSED, GIVEN_UP
        return
    try:
        with transaction.atomic():
            events = stream_statements(path_of(brought.sha256), told=told_of(brought))
            store_statements(brought, events, at=at, told=partial(_note_progress, brought.pk))
    except REFUSALS as refusal:
        note_refusal(brought, refusal)
    except FileNotFoundError:
        brought.state, brought.message = ImportState.REFUSED, LOST


def _note_progress(import_id: UUID, count: int, total: int | None) -> None:
    """Beside the transaction, which nobody sees before it ends."""
    cache.set(_progress_key(import_id), (count, total), timeout=PROGRESS_SECONDS)


def progress_of(import_id: UUID) -> tuple[int, int | None] | None:
    """(lines read, None), then (lines done with, of how many) of an import under way; None before the first."""
    return cache.get(_progress_key(import_id))


def _progress_key(import_id: UUID) -> str:
    return f"statement-import:{import_id}"


def imports_left_behind(*, at: datetime) -> list[UUID]:
    """Imports whose message was lost or whose reader died: under way for SWEPT_AFTER."""
    since = at - SWEPT_AFTER
    old = Q(state=ImportState.WAITING, at__lt=since) | Q(state=ImportState.READING, started_at__lt=since)
    return list(StatementImport.objects.filter(old).order_by("id").values_list("pk", flat=True)[:500])

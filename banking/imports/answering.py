"""What a person answers of a file that lacks something; the file then waits to be read again."""

from uuid import UUID

from django.db import transaction

from banking.accounts.choosing import create_account
from banking.models import ASKING, BankAccount, CsvMapping, ImportState, StatementImport
from banking.statements.account import AccountKey
from banking.statements.csv_mapping import ColumnMapping
from firms.models import Company, User


class ImportChanged(Exception):
    """The import is no longer what the person saw. `str()` is a French sentence."""

    def __init__(self) -> None:
        super().__init__("Cet import a changé entre-temps. Voici son état actuel : rien n’a été changé.")


def held_import(*, company: Company, import_id: UUID, states: tuple[ImportState, ...]) -> StatementImport:
    """The import, locked. Raises ImportChanged where it is in none of these states."""
    locked = StatementImport.objects.select_for_update(no_key=True, of=("self",)).select_related("company")
    brought = locked.filter(company=company, pk=import_id, state__in=states).first()
    if brought is None:
        raise ImportChanged
    return brought


@transaction.atomic
def answer_import(
    *, company: Company, import_id: UUID, account: BankAccount | None = None, date_order: str = ""
) -> StatementImport:
    """Say which account the file is of, or the order of its dates (« dmy », « mdy »). Raises ImportChanged."""
    brought = held_import(company=company, import_id=import_id, states=ASKING)
    brought.told_account = account or brought.told_account
    brought.told_date_order = date_order or brought.told_date_order
    return _waits_again(brought)


@transaction.atomic
def create_asked_account(*, company: Company, import_id: UUID) -> StatementImport:
    """Make the account that the file names and the company lacks. Raises ImportChanged."""
    brought = held_import(company=company, import_id=import_id, states=(ImportState.NEEDS_ACCOUNT,))
    key = AccountKey(**brought.asked["account"])
    if not BankAccount.objects.filter(company=company, key=key.key).exists():
        create_account(company=company, key=key, currency=brought.asked["currency"])
    return _waits_again(brought)


@transaction.atomic
def name_columns(
    *, company: Company, import_id: UUID, mapping: ColumnMapping, name: str, by: User | None
) -> StatementImport:
    """Keep, for every later file with this header, what its columns mean. Raises ImportChanged."""
    brought = held_import(company=company, import_id=import_id, states=(ImportState.NEEDS_COLUMNS,))
    CsvMapping.objects.update_or_create(
        company=company,
        fingerprint=mapping.fingerprint,
        defaults={"name": name, "mapping": mapping.as_json(), "by": by},
    )
    return _waits_again(brought)


def _waits_again(brought: StatementImport) -> StatementImport:
    brought.state, brought.attempts, brought.message, brought.asked = ImportState.WAITING, 0, "", {}
    brought.save()
    return brought

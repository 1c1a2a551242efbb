"""What a file that was refused still lacks, and what was told of it: refusal → row, row → `Told`."""

from dataclasses import asdict

from banking.accounts.choosing import told_key
from banking.accounts.recognising import UnknownBankAccount, WrongCurrency
from banking.models import CsvMapping, ImportState, StatementImport
from banking.statements.csv_mapping import ColumnMapping
from banking.statements.csv_reading import UnknownColumns
from banking.statements.statement import NeedsTelling, UnreadableStatement
from banking.statements.told import Told

# What reading and storing raise; each carries `message`, a French sentence.
REFUSALS = (UnreadableStatement, UnknownBankAccount, WrongCurrency)
CELL = 80


def told_of(brought: StatementImport) -> Told:
    """What a person said of this file, and the column models of its company."""
    account = brought.told_account
    kept = CsvMapping.objects.filter(company=brought.company_id).values_list("fingerprint", "mapping")
    return Told(
        account=told_key(account) if account else None,
        date_order=brought.told_date_order or None,  # type: ignore[arg-type] # a constraint holds it to dmy and mdy
        mappings={fingerprint: ColumnMapping.from_json(mapping) for fingerprint, mapping in kept},
        currency=account.currency if account else "EUR",
    )


def note_refusal(brought: StatementImport, refusal: Exception) -> None:
    """Write in the row why the file was not taken, and what would let it be."""
    state, asked = _question(refusal)
    brought.state, brought.asked, brought.refusal = state, asked, refusal
    brought.message = str(getattr(refusal, "message", refusal))[:500]
    brought.line_number = getattr(refusal, "place", None)
    brought.added = brought.known = 0
    brought.balances_follow = None


def _question(refusal: Exception) -> tuple[ImportState, dict]:
    if isinstance(refusal, UnknownBankAccount):
        return ImportState.NEEDS_ACCOUNT, {"account": asdict(refusal.account), "currency": refusal.currency}
    if isinstance(refusal, NeedsTelling):
        needs = sorted(refusal.needs)
        return ImportState.NEEDS_TELLING, {"needs": needs, "hint": refusal.hint, "example": refusal.example}
    if isinstance(refusal, UnknownColumns):
        rows = [[cell[:CELL] for cell in row] for row in refusal.rows]
        return ImportState.NEEDS_COLUMNS, {
            "header": list(refusal.header),
            "rows": rows,
            "fingerprint": refusal.fingerprint,
        }
    return ImportState.REFUSED, {}

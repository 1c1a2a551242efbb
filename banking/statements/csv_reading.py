"""The CSV file of a bank account: of a bank that we know, or of any other through the accountant's mapping."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from banking.statements.csv_accounts import Accounts, Table
from banking.statements.csv_layout import Layout, mapped_layout
from banking.statements.csv_mapping import ColumnMapping, folded_header, header_fingerprint
from banking.statements.csv_profiles import profile_of
from banking.statements.csv_table import SEPARATORS, first_rows, likeliest
from banking.statements.source import Source, encoding_of, lines, refuse_zeros
from banking.statements.statement import FORMATS, Event, Statement, UnreadableStatement, gathered
from banking.statements.told import NOTHING_TOLD, Told

PREVIEW: Final = 20


class UnknownColumns(UnreadableStatement):
    """A table whose columns nobody has named: `header`, first `rows`, the `fingerprint` to keep a mapping under."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> None:
        self.header = tuple(header)
        self.rows = tuple(map(tuple, rows))
        self.fingerprint = header_fingerprint(header)
        shown = ", ".join(name or "—" for name in header)[:200]
        super().__init__(
            f"Ligne {place} : colonnes inconnues ({shown}). "
            "Dites une fois ce que chacune contient : date, libellé, montant.",
            place,
        )


def read_csv(data: bytes, *, told: Told = NOTHING_TOLD, mapping: ColumnMapping | None = None) -> list[Statement]:
    """The statements of a file in hand. Raises UnreadableStatement, and nothing else."""
    return gathered(stream_csv(data, told=told, mapping=mapping))


def stream_csv(source: Source, *, told: Told = NOTHING_TOLD, mapping: ColumnMapping | None = None) -> Iterator[Event]:
    """The statements of a file, one by account and currency. Raises UnreadableStatement, and nothing else.

    Among them UnknownColumns where neither a profile nor a mapping knows the header, and NeedsTelling where the file
    does not name its account. `mapping` comes before the bank's own profile, and `told.mappings` after it.
    """
    encoding = encoding_of(source)
    refuse_zeros(source, encoding)
    table = _table(lambda: lines(source, encoding, newline=""), told, mapping)
    if table is None:
        raise UnreadableStatement(f"Refusé : ce n’est pas un relevé bancaire que MEG Achats connaît. {FORMATS}")
    yield from Accounts(table, told).events()


def _table(texts: Callable[[], Iterator[str]], told: Told, mapping: ColumnMapping | None) -> Table | None:
    for separator in SEPARATORS:
        if table := _known(texts, separator, told, mapping):
            return table
    unknown = likeliest(texts)
    if unknown is None:
        return None
    _, found, place = unknown
    shown = [row.cells for row in found[place + 1 :] if not row.is_blank]
    raise UnknownColumns(found[place].cells, shown[:PREVIEW], found[place].line)


def _known(
    texts: Callable[[], Iterator[str]], separator: str, told: Told, mapping: ColumnMapping | None
) -> Table | None:
    found = first_rows(texts(), separator)
    for place, row in enumerate(found):
        if len(row.cells) > 1 and (layout := _layout(row.cells, told, mapping)):
            return Table(texts, separator, found[:place], row, layout)
    return None


def _layout(header: tuple[str, ...], told: Told, mapping: ColumnMapping | None) -> Layout | None:
    if mapping:
        return mapped_layout(mapping) if mapping.fits(header) else None
    if profile := profile_of(header):
        return profile.layout(folded_header(header))
    kept = told.mappings.get(header_fingerprint(header))
    return mapped_layout(kept) if kept and kept.fits(header) else None

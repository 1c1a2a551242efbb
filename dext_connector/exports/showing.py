"""What the pages show of an export: its columns and first rows, how far it is, what was not taken."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from dext_connector.exports.bringing import look_at
from dext_connector.exports.columns import BASE_TOTAL, FIELDS
from dext_connector.items.consistency import faults_of
from dext_connector.models import ExportImport, ExportRow, ExportState, Outcome
from dext_connector.payloads import Fault, PublishedItem
from dext_connector.serializers.items import read_item
from firms.models import Company

LATEST, ROWS = 10, 5


@dataclass(frozen=True)
class Preview:
    """`columns` are (title in the file, field of MEG); `rows` the first ones as they are read, with file and faults.

    `to_mend` rows cannot be taken as they are; what only the company's own lists can tell is told by the publish.
    """

    columns: list[tuple[str, str]]
    unknown: list[str]
    rows: list[tuple[PublishedItem, str, list[Fault]]]
    to_mend: int
    with_file: int
    loose_files: list[str]


@dataclass(frozen=True)
class Progress:
    """How many rows have each outcome."""

    of: int
    created: int
    known: int
    refused: int
    failed: int

    @property
    def done(self) -> int:
        return self.created + self.known + self.refused + self.failed


def preview_of(export: ExportImport, *, today: date) -> Preview:
    """Raises UnreadableExport where the file is no longer kept."""
    read = look_at(export)
    items = [(read_item(row.payload), row.file) for row in read.rows]
    rows = [(item, file, [*item.faults, *faults_of(item, today=today)]) for item, file in items]
    columns = read.columns
    names = {place: FIELDS[name][0] if name in FIELDS else BASE_TOTAL for name, place in columns.fields.items()}
    return Preview(
        columns=[(columns.header[place], names[place]) for place in sorted(names)],
        unknown=[columns.header[place] for place in columns.unknown if columns.header[place].strip()],
        rows=rows[:ROWS],
        to_mend=sum(bool(faults) for *_, faults in rows),
        with_file=sum(bool(row.file) for row in read.rows),
        loose_files=read.loose_files,
    )


def latest_imports(company: Company) -> list[ExportImport]:
    """Those that were started, with how many rows were created, known and not taken."""
    started = ExportImport.objects.filter(company=company).exclude(state=ExportState.LOOKED_AT).select_related("by")
    counts = {
        "created": Count("rows", filter=Q(rows__outcome=Outcome.CREATED)),
        "known": Count("rows", filter=Q(rows__outcome=Outcome.KNOWN)),
        "not_taken": Count("rows", filter=Q(rows__outcome__in=(Outcome.REFUSED, Outcome.FAILED))),
    }
    return list(started.annotate(**counts)[:LATEST])


def progress_of(export: ExportImport) -> Progress:
    found = dict(export.rows.order_by().values_list("outcome").annotate(number=Count("id")))
    return Progress(of=export.row_count, **{outcome: found.get(outcome, 0) for outcome in Outcome.values})


def refusals_of(export: ExportImport) -> QuerySet[ExportRow]:
    """The rows that were not taken, in the order of the file."""
    return export.rows.filter(outcome__in=(Outcome.REFUSED, Outcome.FAILED)).order_by("position")

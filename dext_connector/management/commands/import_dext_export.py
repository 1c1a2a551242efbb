"""`manage.py import_dext_export`: an export of Dext, by the same door as the page, without waiting for a worker."""

from argparse import ArgumentParser
from pathlib import Path
from typing import BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dext_connector.exports.bringing import bring_export, drop_export, start_export
from dext_connector.exports.importing import work_export
from dext_connector.exports.showing import progress_of, refusals_of
from dext_connector.exports.unreadable import UnreadableExport
from dext_connector.models import DateOrder, ExportImport
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.models import Company


class Command(BaseCommand):
    help = "Importe un export de Dext (CSV, ou ZIP avec ses images). Importé deux fois, rien n’est doublé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="le CSV ou le ZIP")
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument(
            "--date-order", choices=DateOrder.values, default="", help="si les dates se lisent de deux façons"
        )

    def handle(self, *, file: Path, company: str, firm: str | None, date_order: str, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
            export = _started(found, file, date_order)
        except OSError as error:
            raise CommandError(f"Fichier « {file} » illisible : {error.strerror}.", returncode=2) from error
        except (AmbiguousCompany, CompanyNotFound, UnreadableExport) as error:
            raise CommandError(str(error), returncode=2) from error
        work_export(export_id=export.pk, at=timezone.now())
        for row in refusals_of(export):
            self.stderr.write(f"Ligne {row.position}, {row.external_id or 'sans référence'} : {row.message}")
        done = progress_of(export)
        counts = [_count(done.created, "créée"), f"{done.known} déjà là", _count(done.refused, "refusée")]
        self.stdout.write(" · ".join([*counts, *([f"{done.failed} en échec"] if done.failed else [])]))


def _started(company: Company, path: Path, date_order: str) -> ExportImport:
    with path.open("rb") as opened:
        file = cast(BinaryIO, opened)
        export = bring_export(
            company=company, file=file, filename=path.name, by=None, at=timezone.now(), date_order=date_order
        )
    try:
        return start_export(export=export)
    except UnreadableExport:
        drop_export(export=export)
        raise


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"

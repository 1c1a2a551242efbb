from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from banking.importing import REFUSALS, import_statement
from banking.models import StatementImport
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code


class Command(BaseCommand):
    help = "Importe un relevé bancaire (CFONB 120 ou OFX) dans un dossier. Importé deux fois, il n’ajoute rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="le fichier du relevé")
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument("--create-account", action="store_true", help="créer le compte bancaire s’il est inconnu")

    def handle(self, *, file: Path, company: str, firm: str | None, create_account: bool, **options: object) -> None:
        try:
            imported = import_statement(
                company=company_by_code(code=company, firm_code=firm),
                data=file.read_bytes(),
                filename=file.name,
                create_account=create_account,
            )
        except OSError as error:
            raise CommandError(f"Fichier « {file} » illisible : {error.strerror}.", returncode=2) from error
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        except REFUSALS as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(_summary(imported))


def _summary(imported: StatementImport) -> str:
    """« 64 nouvelles · 12 connues · compte Compte 30004 …5678 »."""
    counts = [_count(imported.added, "nouvelle"), _count(imported.known, "connue")]
    return " · ".join([*counts, *map(str, imported.accounts), *filter(None, [imported.message])])


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count in (0, 1) else f"{count} {word}s"

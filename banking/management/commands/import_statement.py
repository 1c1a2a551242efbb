from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from banking.accounts.choosing import NoSuchAccount, account_or_new
from banking.imports.importing import REFUSALS, StatementTooLarge, bring_statement, read_now
from banking.models import StatementImport
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code

PIECE = 1024 * 1024


class Command(BaseCommand):
    help = "Importe un relevé bancaire dans un dossier. Importé deux fois, il n’ajoute rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="le fichier du relevé")
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument(
            "--account",
            metavar="KEY",
            help="le compte du relevé, si le fichier ne le nomme pas : identité, IBAN ou quatre derniers chiffres",
        )
        parser.add_argument(
            "--date-order",
            choices=["dmy", "mdy"],
            default="",
            help="jour ou mois d’abord, si le fichier ne le montre pas",
        )
        parser.add_argument("--create-account", action="store_true", help="créer le compte bancaire s’il est inconnu")

    def handle(self, *, file: Path, company: str, firm: str | None, account: str | None, **options: Any) -> None:
        create = options["create_account"]
        try:
            found = company_by_code(code=company, firm_code=firm)
            with file.open("rb") as source:
                brought = bring_statement(
                    company=found,
                    chunks=iter(lambda: source.read(PIECE), b""),
                    filename=file.name,
                    account=account_or_new(company=found, words=account, create=create) if account else None,
                    date_order=options["date_order"],
                    create_account=create,
                )
            self.stdout.write(_summary(read_now(brought)))
        except OSError as error:
            raise CommandError(f"Fichier « {file} » illisible : {error.strerror}.", returncode=2) from error
        except (AmbiguousCompany, CompanyNotFound, NoSuchAccount) as error:
            raise CommandError(str(error), returncode=2) from error
        except (*REFUSALS, StatementTooLarge) as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal


def _summary(imported: StatementImport) -> str:
    """« 64 nouvelles · 12 connues · compte Compte 30004 …5678 »."""
    counts = [_count(imported.added, "nouvelle"), _count(imported.known, "connue")]
    return " · ".join([*counts, *map(str, imported.accounts), *filter(None, [imported.message])])


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count in (0, 1) else f"{count} {word}s"

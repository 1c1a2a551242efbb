import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from banking.imports.watching import watch_folder
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.models import Company

EVERY_SECONDS = 10


class Command(BaseCommand):
    help = "Importe les relevés déposés dans un dossier du disque, et les range dans « traités » ou « refusés »."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="le dossier du disque")
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument("--forever", action="store_true", help="recommencer jusqu’à l’arrêt")

    def handle(self, *, folder: Path, company: str, firm: str | None, forever: bool, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
            self.watch(folder, found)
            while forever:
                time.sleep(EVERY_SECONDS)
                self.watch(folder, found)
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"Dossier « {folder} » illisible : {error.strerror}.", returncode=2) from error

    def watch(self, folder: Path, company: Company) -> None:
        for taken in watch_folder(folder=folder, company=company, at=timezone.now()):
            self.stdout.write(f"{taken.name} : {taken.refusal or 'enregistré.'}")

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from banking.matches.exporting import exported_matches
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code


class Command(BaseCommand):
    help = "Écrit les rapprochements d’un dossier, une ligne JSON chacun, les meilleures suggestions d’abord."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")

    def handle(self, *, company: str, firm: str | None, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        for row in exported_matches(found):
            self.stdout.write(json.dumps(row, ensure_ascii=False))

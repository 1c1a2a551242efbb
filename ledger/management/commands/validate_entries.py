from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.models import User
from firms.typography import format_day
from ledger.validating import validate_entries


class Command(BaseCommand):
    help = "Valide les écritures en brouillard d’un dossier jusqu’à une date : elles deviennent définitives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument("--until", required=True, type=date.fromisoformat, metavar="AAAA-MM-JJ")
        parser.add_argument("--by", required=True, metavar="ADRESSE", help="l’adresse de la personne qui valide")

    def handle(self, *, company: str, firm: str | None, until: date, by: str, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        person = User.objects.filter(email=by, is_active=True).first()
        if person is None:
            raise CommandError(f"Personne n’a l’adresse «\u00a0{by}\u00a0».", returncode=2)
        count = validate_entries(company=found, until=until, by=person, at=timezone.now())
        words = "écriture validée" if count < 2 else "écritures validées"
        self.stdout.write(f"{count} {words} jusqu’au {format_day(until)} pour {found}.")

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from banking.feeds.tokens import create_feed_token
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.models import Firm


class Command(BaseCommand):
    help = "Crée le jeton d’un flux bancaire, d’un dossier ou de tout un cabinet, et le montre une fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", metavar="CODE", help="le code du dossier, s’il n’ouvre que celui-là")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet")
        parser.add_argument("--name", default="Flux bancaire", help="le nom sous lequel on le reconnaîtra")

    def handle(self, *, company: str | None, firm: str | None, name: str, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm) if company else None
            owner = found.firm if found else Firm.objects.get(code=firm)
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        except Firm.DoesNotExist as error:
            raise CommandError(f"Aucun cabinet ne porte le code « {firm} ».", returncode=2) from error
        _, secret = create_feed_token(firm=owner, company=found, name=name)
        self.stdout.write(secret)

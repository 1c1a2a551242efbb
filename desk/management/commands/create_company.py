from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from desk.opening import CompanyCodeTaken, open_company
from firms.models import Firm


class Command(BaseCommand):
    help = "Ouvre un dossier prêt à recevoir des achats\u00a0: plan comptable, codes TVA, exercices, paramètres Dext."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code du dossier, unique dans son cabinet")
        parser.add_argument("--name", required=True, help="nom du dossier")
        parser.add_argument("--firm", required=True, help="code du cabinet")
        parser.add_argument("--siren", default="", help="numéro SIREN, neuf chiffres")

    def handle(self, *, code: str, name: str, firm: str, siren: str, **options) -> None:
        owner = Firm.objects.filter(code=firm).first()
        if owner is None:
            raise CommandError(f"Aucun cabinet ne porte le code «\u00a0{firm}\u00a0».")
        try:
            company = open_company(firm=owner, code=code, name=name, siren=siren)
        except CompanyCodeTaken as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Le dossier {company} est ouvert dans le cabinet {owner.name}.")

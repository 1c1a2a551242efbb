from argparse import ArgumentParser

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from desk.firm_opening import FirmCodeTaken, open_firm
from firms.invitations import invite
from firms.models import Role


class Command(BaseCommand):
    help = "Crée un cabinet et donne le lien, à usage unique, de son premier administrateur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code du cabinet")
        parser.add_argument("--name", required=True, help="nom du cabinet")
        parser.add_argument("--admin", required=True, help="adresse e-mail de l’administrateur")

    @transaction.atomic
    def handle(self, *, code: str, name: str, admin: str, **options) -> None:
        try:
            validate_email(admin)
            firm = open_firm(code=code, name=name)
        except FirmCodeTaken as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        invitation, token = invite(firm=firm, email=admin, role=Role.ADMINISTRATOR)
        link = settings.BASE_URL.rstrip("/") + reverse("firms:invitation", args=[token])
        self.stdout.write(f"Le cabinet {firm.name} est créé.")
        self.stdout.write(f"Lien de {invitation.email}, à ouvrir une fois dans les sept jours :\n{link}")

"""`manage.py register_client`: the addresses to which MEG sends Dext's users back after their consent."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from dext_connector.access.clients import CLIENT_ID, NAME, register_client


class Command(BaseCommand):
    help = "Enregistrer une application cliente d’OAuth 2, ou remplacer ses adresses de retour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("redirect_uris", nargs="+", metavar="ADRESSE", help="adresse de retour (https://…)")
        parser.add_argument("--client-id", default=CLIENT_ID)
        parser.add_argument("--name", default=NAME, help="nom montré à la demande d’accès")
        parser.add_argument("--confidential", action="store_true", help="avec un secret, montré une seule fois")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            secret = register_client(
                client_id=options["client_id"],
                name=options["name"],
                redirect_uris=options["redirect_uris"],
                is_confidential=options["confidential"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"client_id\u00a0: {options['client_id']}")
        if secret:
            self.stdout.write(f"client_secret\u00a0: {secret} (il ne sera plus montré)")

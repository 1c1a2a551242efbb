"""`manage.py seed_demo`: the demonstration firm, once; made through the API, a statement and the worker."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from banking.imports.importing import import_statement
from dext_connector.access.clients import add_return_addresses
from dext_connector.simulator.address import NoServer, base_url
from dext_connector.simulator.consent import return_addresses
from dext_connector.simulator.problems import TokenRefused
from dext_connector.simulator.transport import ApiUnreachable
from firms.models import User
from meg.demo.company import ACCOUNTANT, name_bank_accounts, open_demonstration
from meg.demo.matching import confirm_some, wait_for_matches
from meg.demo.publishing import ReceiptRefused, faults_of, publish_all
from meg.demo.statement import cfonb120
from meg.demonstration import is_seeded, mark_seeded

STATEMENT_NAME = "releve_cfonb120_2019.txt"


class Command(BaseCommand):
    help = "Préparer le cabinet de démonstration, une seule fois (le serveur web et le worker doivent tourner)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="", help="adresse de MEG\u00a0; sans elle, celle du serveur qui tourne")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        if not settings.DEMO or settings.PRODUCTION:
            raise CommandError("La démonstration est désactivée ici\u00a0: rien n’a été préparé.")
        if is_seeded():
            self.stdout.write("La démonstration est déjà en place.")
            return
        try:
            self.seed(base_url(url))
        except (NoServer, ApiUnreachable, TokenRefused, ReceiptRefused) as error:
            raise CommandError(f"La démonstration n’est pas prête. {error}") from error

    def seed(self, address: str) -> None:
        company = open_demonstration(year=timezone.localdate().year)
        add_return_addresses(addresses=return_addresses(address))
        accountant = User.objects.get(email=ACCOUNTANT)
        brought = import_statement(
            company=company, data=cfonb120(), filename=STATEMENT_NAME, by=accountant, create_account=True
        )
        name_bank_accounts(company)
        self.stdout.write(f"Relevé importé\u00a0: {brought.added} opérations.")
        outcomes = publish_all(base_url=address)
        self.stdout.write(f"Dext a publié {len(outcomes) + 3} documents.")
        for fault in faults_of(outcomes):
            self.stderr.write(fault)
        if not wait_for_matches(company):
            raise CommandError("Le worker n’a pas rapproché à temps\u00a0: relancez quand il tourne.")
        confirm_some(company, by=accountant)
        mark_seeded(company=company)
        self.stdout.write("La démonstration est en place.")

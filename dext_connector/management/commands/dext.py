"""`manage.py dext`: Dext's side on the command line, only by the API over HTTP."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dext_connector.simulator import console
from dext_connector.simulator.account import NoSuchCompany, NotConnected
from dext_connector.simulator.address import NoServer, base_url
from dext_connector.simulator.inbox import row_of
from dext_connector.simulator.problems import Refused, TokenRefused
from dext_connector.simulator.sending import Fate, Outcome, send_all
from dext_connector.simulator.session import Credentials, connect_and_store, ensure_connection, open_session
from dext_connector.simulator.sources import pieces_of
from dext_connector.simulator.state import store
from dext_connector.simulator.transport import ApiUnreachable

STANDINGS = {"not_ready": "Pas prêt", "ready": "Publier", "refused": "Publier (refusé)", "published": "Publié"}
SETTINGS = {
    "publish_destination": "Publier par défaut dans *",
    "vat_by_line": "Afficher le taux de TVA par éléments",
    "use_supplier_vat_rate": "Utiliser le taux de TVA fournisseur",
    "vat_marker": "Marqueur TVA *",
    "no_vat_marker": "Pas de TVA par défaut *",
}
STATUSES = {"not_ready": "pas prêt", "ready": "prêt", "posted": "comptabilisé", "cancelled": "annulée"}


class Command(BaseCommand):
    help = "Simulateur Dext\u00a0: se connecter à MEG, lire les paramètres et la boîte, publier des documents."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        common = ArgumentParser(add_help=False)
        common.add_argument("--url", default="", help="adresse de MEG\u00a0; sans elle, celle du serveur qui tourne")
        common.add_argument("--company", default="", metavar="CODE", help="code du dossier")
        common.add_argument("--firm", default="", metavar="CODE", help="code du cabinet, si plusieurs ont ce dossier")
        common.add_argument("--email", default="")
        common.add_argument("--password", default="")
        deeds = parser.add_subparsers(dest="deed", required=True, title="gestes")
        deeds.add_parser("connect", parents=[common], help="garder une connexion à MEG")
        deeds.add_parser("settings", parents=[common], help="les cinq paramètres de l’intégration")
        deeds.add_parser("inbox", parents=[common], help="la boîte de Dext")
        publish = deeds.add_parser("publish", parents=[common], help="publier des documents")
        publish.add_argument("path", metavar="FILE_OR_FOLDER", help="dossier de documents, ou items en JSON lines")
        inbox = deeds.add_parser("publish-all", parents=[common], help="publier ce qui est prêt dans la boîte de Dext")
        inbox.add_argument("--batch", action="store_true", help="en un seul appel, les images ensuite")
        deeds.add_parser("activate", parents=[common], help="activer l’intégration\u00a0: les règles passent à MEG")
        deeds.add_parser("rules", parents=[common], help="les règles fournisseur de MEG")
        deeds.add_parser("events", parents=[common], help="ce qui s’est passé dans MEG depuis la dernière lecture")
        webhooks = deeds.add_parser("webhooks", parents=[common], help="les adresses que MEG appelle")
        webhooks.add_argument("what", nargs="?", choices=["list", "add", "test"], default="list")
        webhooks.add_argument("target", nargs="?", default="", metavar="ADRESSE_OU_ID", help="sinon, le simulateur")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        try:
            getattr(self, deed.replace("-", "_"))(**options)
        except (NoServer, ApiUnreachable, TokenRefused, NoSuchCompany, NotConnected, Refused) as error:
            raise CommandError(str(error), returncode=1) from error

    def connect(self, *, url: str, **options: Any) -> None:
        company = connect_and_store(base_url(url), _credentials(options), company=options["company"])
        self.stdout.write(f"Connecté au dossier {company['code']} · {company['name']}.")

    def settings(self, *, url: str, **options: Any) -> None:
        client, company = open_session(url, _credentials(options), company=options["company"])
        self.stdout.write(f"Paramètres de l’intégration · {company['code']}")
        settings = client.settings(company["id"])
        for name, label in SETTINGS.items():
            self.stdout.write(f"  {label:<40}{shown(settings[name])}")

    def inbox(self, **options: Any) -> None:
        state = store().read()
        for entry in state["items"]:
            row = row_of(entry, state["lists"]["accounts"])
            cells = (
                f"{row.date}  {row.supplier:<18}{row.total:>12}{row.vat:>7}  {row.payment:<21}{row.account[:26]:<28}"
            )
            self.stdout.write(f"{cells}{STANDINGS[row.standing]}  {row.why}".rstrip())

    def publish(self, *, path: str, url: str, **options: Any) -> None:
        source = Path(path)
        if not source.exists():
            raise CommandError(f"«\u00a0{path}\u00a0» n’existe pas.")
        client, company = open_session(url, _credentials(options), company=options["company"])
        fates: Counter[Fate] = Counter()
        for outcome in send_all(client, company["id"], pieces_of(source)):
            fates[outcome.fate] += 1
            self.stdout.write(line_of(outcome))
            self.stdout.flush()
        counted = ", ".join(f"{fate.lower()} {fates[fate]}" for fate in Fate if fates[fate]) or "rien à publier"
        self.stdout.write(f"{fates.total()} documents pour {company['code']}\u00a0: {counted}.")

    def publish_all(self, *, batch: bool, **options: Any) -> None:
        self.told(options, lambda: console.publish_inbox(is_batch=batch))

    def activate(self, **options: Any) -> None:
        self.told(options, console.activate_integration)

    def rules(self, **options: Any) -> None:
        self.told(options, console.live_rules)

    def events(self, **options: Any) -> None:
        self.told(options, lambda: console.events(at=timezone.now()))

    def webhooks(self, *, what: str, target: str, **options: Any) -> None:
        deeds = {"add": lambda: console.add_webhook(target), "test": lambda: console.ask_for_test(target)}
        self.told(options, deeds.get(what, console.webhooks))

    def told(self, options: dict[str, Any], deed: Callable[[], Iterator[str]]) -> None:
        """Do `deed` on the stored connection, opened first where there is none of this company."""
        ensure_connection(options["url"], _credentials(options), company=options["company"])
        for line in deed():
            self.stdout.write(line)
            self.stdout.flush()


def line_of(outcome: Outcome) -> str:
    """« RB-88213  Starbucks  4,85 EUR  Créée, prêt »."""
    item = outcome.piece.item
    told = [outcome.piece.name]
    if item is not None:
        total = str(item.get("total", "—")).replace(".", ",")
        told = [str(item["external_id"]), supplier_of(item), f"{total} {item.get('currency', '')}"]
    status = (outcome.answer or {}).get("status")
    fate = f"{outcome.fate}, {STATUSES.get(status, status)}" if status else str(outcome.fate)
    return "  ".join([*told, f"{fate}\u00a0: {outcome.why}" if outcome.why else fate])


def shown(value: Any) -> str:
    return {True: "oui", False: "non", None: "—"}.get(value, str(value))


def supplier_of(item: dict[str, Any]) -> str:
    supplier = item.get("supplier")
    return str(supplier.get("name", "—")) if isinstance(supplier, dict) else "—"


def _credentials(options: dict[str, Any]) -> Credentials:
    return Credentials(email=options["email"], password=options["password"], firm=options["firm"])

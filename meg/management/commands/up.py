"""`manage.py up`, that is `make run`: the whole product, until Ctrl-C."""

import json
import os
import urllib.error
import urllib.request
from typing import Any

from django.core.management.base import BaseCommand

from meg import commands
from meg.embedded.folder import DataFolder, chosen_path
from meg.embedded.ports import is_taken
from meg.embedded.refusal import Refusal
from meg.embedded.servers import start_servers
from meg.supervision import Stop, Supervisor

STARTING_SECONDS = 300
SEEDING_SECONDS = 300
READY = """
MEG est prêt : {url}

  admin@demo.test       administrateur
  comptable@demo.test   comptable
  lecteur@demo.test     lecture seule

  Mot de passe : demo-meg-2026        Arrêter : Ctrl-C
"""


class Command(BaseCommand):
    help = "Démarrer PostgreSQL, Valkey, le serveur web, le worker et le planificateur."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        folder = DataFolder(chosen_path())
        folder.prepare()
        if not folder.take():
            raise Refusal(already_running(folder))
        try:
            Running(folder).to_the_end()
        finally:
            folder.release()


def already_running(folder: DataFolder) -> str:
    note = folder.read_note()
    where = f" : {note['url']} (processus {note['pid']})" if "url" in note else ""
    return f"MEG tourne déjà dans {folder.path}{where}. Arrêtez-le, ou choisissez un autre dossier avec MEG_DATA_DIR."


class Running:
    """One run of the product on the folder that this process owns."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.host, self.port = os.environ.get("HOST") or "127.0.0.1", chosen_port()
        self.url = f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104 - compared
        self.supervisor = Supervisor(folder, {})

    def to_the_end(self) -> None:
        if is_taken(self.host, self.port):
            raise Refusal(
                f"Le port {self.port} est déjà pris : choisissez-en un autre, par exemple PORT={self.port + 1}."
            )
        self.supervisor.hear_signals()
        try:
            self.start()
            self.supervisor.watch()
        except Stop:
            say("\nArrêt en cours…")
        finally:
            self.supervisor.stop()

    def start(self) -> None:
        say("Démarrage…")
        up = self.supervisor
        servers = start_servers(self.folder, among=up.children)
        up.environment |= {**servers.addresses, **self.folder.environment(), "MEG_BASE_URL": self.url}
        up.run("migrate", commands.manage("migrate", "--noinput"), failed="Les migrations ont échoué")
        up.start("Le serveur web", "web", commands.web(host=self.host, port=self.port))
        up.start("Le worker", "worker", commands.worker())
        up.start("Le planificateur", "beat", commands.beat())
        up.note(url=self.url, pid=os.getpid(), environment=up.environment)
        self.wait_for_health()

    def wait_for_health(self) -> None:
        """Until `/healthz/` is content; once, the demonstration is what it still wants, and is seeded."""
        up = self.supervisor
        if not up.watch(until=lambda: self.missing() in ([], ["demonstration"]), seconds=STARTING_SECONDS, every=1):
            raise Refusal(f"MEG ne répond pas ({', '.join(self.missing())}) : voyez {self.folder.logs}.")
        if self.missing():
            say("Préparation de la démonstration (une seule fois)…")
            up.run("seed_demo", commands.manage("seed_demo"), failed="La démonstration n’a pas pu être préparée")
        if not up.watch(until=lambda: not self.missing(), seconds=SEEDING_SECONDS, every=1):
            raise Refusal(f"MEG n’est pas prêt ({', '.join(self.missing())}) : voyez {self.folder.logs}.")
        say(READY.format(url=self.url) if demonstration_is_on() else f"MEG est prêt : {self.url}")

    def missing(self) -> list[str]:
        """What `/healthz/` says is missing, « web » while it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz/", timeout=5) as answer:  # noqa: S310 - our own address
                return json.load(answer)["missing"]
        except urllib.error.HTTPError as error:
            with error:
                return ["web"] if error.code != 503 else json.load(error)["missing"]
        except (OSError, ValueError):
            return ["web"]


def demonstration_is_on() -> bool:
    from django.conf import settings

    return settings.DEMO


def chosen_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65_536:
        raise Refusal(f"PORT doit être un numéro de port, pas « {given} ».")
    return int(given)


def say(text: str) -> None:
    print(text, flush=True)

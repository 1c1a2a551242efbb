"""Who starts the servers, and who only uses them.

`up` owns them while it runs and leaves a note; any other command uses the owner's, else owns its own for its time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from meg.embedded.folder import DataFolder, chosen_path
from meg.embedded.postgres import Postgres
from meg.embedded.processes import Child
from meg.embedded.refusal import Refusal
from meg.embedded.valkey import Valkey

ADDRESSES = ("DATABASE_URL", "REDIS_URL")
# `dext` speaks to MEG over HTTP only.
NEEDS_NO_SERVER = {
    "up", "check", "makemigrations", "collectstatic", "findstatic", "diffsettings", "help", "version", "dext"
}  # fmt: skip
PATIENCE_SECONDS = 30.0


@dataclass
class Servers:
    """The started children, Valkey last, and the environment that leads to them."""

    children: list[Child] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def stop(self) -> None:
        """Stop in the reverse order of starting."""
        for child in reversed(self.children):
            child.stop(patience=5)


def start_servers(folder: DataFolder, *, throwaway: bool = False, among: list[Child] | None = None) -> Servers:
    """Start what the environment does not give; the caller owns `folder`. Raises Refusal, leaving nothing behind.

    The children join the list `among` as soon as each answers, so that an interrupted caller can stop them.
    """
    servers = Servers(children=[] if among is None else among)
    try:
        for variable, kind in (("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)):
            if os.environ.get(variable):
                servers.addresses[variable] = os.environ[variable]
                continue
            server = kind(folder, throwaway=throwaway)
            servers.children.append(server.start())
            servers.addresses[variable] = server.url
    except BaseException:
        servers.stop()
        raise
    return servers


@contextmanager
def servers_for(command: str) -> Iterator[None]:
    """Servers for one manage.py command, put into the environment before the settings read it. Raises Refusal."""
    if command in NEEDS_NO_SERVER or command.startswith("-") or all(os.environ.get(name) for name in ADDRESSES):
        yield
        return
    folder = DataFolder(chosen_path())
    folder.prepare()
    if not folder.wait_for_owner(seconds=PATIENCE_SECONDS):
        raise Refusal(f"Une autre commande tient les bases de {folder.path} : attendez sa fin, puis relancez.")
    if not folder.is_ours:
        note = folder.read_note()
        os.environ.update(note["environment"])
        yield
        return
    with owned_servers(folder) as servers:
        os.environ.update(servers.addresses | folder.environment())
        yield


@contextmanager
def owned_servers(folder: DataFolder) -> Iterator[Servers]:
    try:
        servers = start_servers(folder)
        try:
            yield servers
        finally:
            servers.stop()
    finally:
        folder.release()

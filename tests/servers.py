"""The real servers of a test run: those of the environment, else throwaway ones of our own.

The process that starts pytest starts them; the workers of pytest-xdist find them in their environment. Each worker
has its own database (pytest-django names it), its own Redis database and its own data folder.
"""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from meg.embedded.folder import DataFolder
from meg.embedded.servers import Servers, start_servers


class TestServers:
    """What this process started, to be stopped by it."""

    __test__ = False

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="meg-tests-"))
        self.root.chmod(0o711)  # PostgreSQL's system user passes through it when root runs the tests
        self.folder = DataFolder(self.root)
        self.servers: Servers | None = None

    def start(self) -> None:
        """Start what `DATABASE_URL` and `REDIS_URL` do not give, and say where it is in the environment."""
        self.folder.prepare()
        self.folder.take()
        self.servers = start_servers(self.folder, throwaway=True)
        os.environ.update(self.servers.addresses)
        os.environ.update(MEG_TEST_ROOT=str(self.root), MEG_TEST_REDIS_URL=os.environ["REDIS_URL"])

    def stop(self) -> None:
        if self.servers:
            self.servers.stop()
            self.servers = None
        self.folder.release()
        shutil.rmtree(self.root, ignore_errors=True)


def worker_number() -> int:
    """0 in a run without workers, else 1 and up."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1


def keep_to_ourselves() -> None:
    """Give this process its own Redis database (the one given is left alone) and its own data folder."""
    given = urlsplit(os.environ["MEG_TEST_REDIS_URL"])
    database = int(given.path.strip("/") or 0) + 1 + worker_number()
    os.environ["REDIS_URL"] = given._replace(path=f"/{database}").geturl()
    os.environ["MEG_DATA_DIR"] = os.path.join(os.environ["MEG_TEST_ROOT"], f"data-{worker_number()}")
    os.makedirs(os.path.join(os.environ["MEG_DATA_DIR"], "static"), exist_ok=True)

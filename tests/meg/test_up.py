"""`manage.py up` as a person meets it: a process, its console, its data folder, and whatever may be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from meg.embedded.ports import free_port
from meg.embedded.processes import wait_until, working_in

pytestmark = pytest.mark.xdist_group("up")
PATIENCE_SECONDS = 180


def environment(folder: Path, **more: str) -> dict[str, str]:
    """That of someone who set no address; the demonstration is the affair of other tests."""
    ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "MEG_DATA_DIR": str(folder), "MEG_DEMO": "0", **more}


class Up:
    """One `up`, with what it said."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder, self.port = folder, free_port()
        self.said = folder / "console.txt"
        given = environment(folder, PORT=str(self.port), **more)
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=settings.BASE_DIR, env=given, stdout=output, stderr=output
            )

    def is_ready(self) -> bool:
        return "MEG est prêt" in self.said.read_text()

    def wait(self) -> int:
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def until_ready(self) -> "Up":
        wait_until(lambda: self.is_ready() or self.process.poll() is not None, seconds=PATIENCE_SECONDS)
        assert self.is_ready(), self.said.read_text()
        return self

    def pids(self) -> dict[str, int]:
        note = json.loads((self.folder / "run.json").read_text())
        return {child["name"]: child["pid"] for child in note["children"]}

    def sentence(self) -> str:
        return self.said.read_text().strip().splitlines()[-1]


def manage(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def write(folder: Path, code: str) -> None:
    made = manage(
        folder, "shell", "-c", f"from firms.models import Firm; Firm.objects.create(code='{code}', name='{code}')"
    )
    assert made.returncode == 0, made.stderr


def read(folder: Path) -> str:
    return manage(folder, "shell", "-c", "print(*Firm.objects.values_list('code', flat=True))").stdout


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that was migrated; short, and passable by PostgreSQL's system user when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="meg-up-") as name:
        path = Path(name)
        path.chmod(0o711)
        assert manage(path, "migrate", "--noinput").returncode == 0
        yield path


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    running = Up(folder).until_ready()
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.wait()


def nobody_works_in(folder: Path) -> bool:
    cluster = (folder / "postgres").resolve() / "18"
    return not working_in(cluster, named="postgres") and not working_in(folder / "valkey", named="valkey")


def test_ctrl_c_stops_everything_within_20_seconds(up: Up) -> None:
    pids = up.pids()
    with urllib.request.urlopen(f"http://127.0.0.1:{up.port}/healthz/") as answer:
        assert json.load(answer) == {"status": "ready", "missing": []}
    start = time.monotonic()
    up.process.send_signal(signal.SIGINT)
    assert up.wait() == 0
    assert time.monotonic() - start < 20
    assert len(pids) == 5
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert not (up.folder / "run.json").exists()


def test_a_command_uses_the_servers_of_the_running_up_and_a_second_up_is_refused_in_one_sentence(up: Up) -> None:
    write(up.folder, "SHARED")
    assert "SHARED" in read(up.folder)
    second = manage(up.folder, "up", PORT=str(free_port()))
    assert second.returncode == 1
    assert second.stderr == (
        f"MEG tourne déjà dans {up.folder} : http://127.0.0.1:{up.port} (processus {up.process.pid}). "
        "Arrêtez-le, ou choisissez un autre dossier avec MEG_DATA_DIR.\n"
    )
    assert up.process.poll() is None


@pytest.mark.parametrize("name", ["PostgreSQL", "Le worker"])
def test_a_killed_child_is_said_in_one_sentence_and_the_rest_is_stopped(up: Up, name: str) -> None:
    pids = up.pids()
    os.kill(pids[name], signal.SIGKILL)
    assert up.wait() == 1
    assert up.sentence().startswith(f"{name} s’est arrêté de façon inattendue (tué par le signal 9) : voyez ")
    assert not any(psutil.pid_exists(pid) for pid in pids.values())


def test_the_data_is_there_after_up_was_killed(up: Up) -> None:
    write(up.folder, "KILLED-UP")
    up.process.kill()
    up.wait()
    if sys.platform.startswith("linux"):
        assert wait_until(lambda: nobody_works_in(up.folder), seconds=20)
    with_another = Up(up.folder).until_ready()
    assert "KILLED-UP" in read(up.folder)
    with_another.process.terminate()
    assert with_another.wait() == 0


def test_the_data_is_there_after_all_was_killed_at_once(up: Up) -> None:
    write(up.folder, "KILLED-ALL")
    victims = [up.process.pid, *up.pids().values()]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    up.wait()
    assert "KILLED-ALL" in read(up.folder)
    assert nobody_works_in(up.folder)


def test_a_command_starts_servers_for_its_own_time_where_none_run(folder: Path) -> None:
    write(folder, "ALONE")
    assert nobody_works_in(folder)
    assert "ALONE" in read(folder)
    assert not (folder / "run.json").exists()


def test_a_taken_port_is_said_in_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = manage(folder, "up", PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr == f"Le port {port} est déjà pris : choisissez-en un autre, par exemple PORT={port + 1}.\n"


def test_an_unwritable_data_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = manage(tmp_path / "file" / "data", "up")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Impossible d’écrire dans ")
    assert refused.stderr.count("\n") == 1

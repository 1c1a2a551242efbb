"""The servers of `meg.embedded`, each killed and lied to in the ways that a machine does."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
from redis import Redis

from meg.embedded import folder as folders
from meg.embedded.folder import DataFolder
from meg.embedded.postgres import Postgres
from meg.embedded.processes import Child, recognise, working_in
from meg.embedded.refusal import Refusal
from meg.embedded.valkey import Valkey


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    with tempfile.TemporaryDirectory(prefix="meg-embedded-") as name:
        Path(name).chmod(0o711)
        data = DataFolder(Path(name))
        data.prepare()
        assert data.take()
        yield data
        data.release()


class RememberingPostgres(Postgres):
    """It knows what it started, so that no process of a test is left."""

    started: list[Child]

    def launch(self) -> Child:
        child = super().launch()
        self.started = [*getattr(self, "started", []), child]
        return child

    def stop(self) -> None:
        for child in self.started:
            child.stop(patience=10)


@pytest.fixture
def postgres(folder: DataFolder) -> Iterator[RememberingPostgres]:
    server = RememberingPostgres(folder)
    yield server
    server.stop()


def execute(server: Postgres, statement: str) -> list[tuple]:
    connection = psycopg2.connect(server.url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def kill(child: Child) -> None:
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()


def test_a_killed_postgresql_starts_again_with_its_data_even_where_its_pid_is_another_s(postgres: Postgres) -> None:
    child = postgres.start()
    execute(postgres, "create table kept as select 42 as answer")
    kill(child)
    lock = postgres.cluster / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    again = postgres.start()
    assert execute(postgres, "select answer from kept") == [(42,)]
    again.stop(patience=10)
    assert not working_in(postgres.cluster, named="postgres")


def test_a_postgresql_that_nobody_owns_is_ended_before_another_starts(postgres: Postgres) -> None:
    orphan = postgres.start()
    postgres.start()
    assert not orphan.is_alive()


def test_the_role_owns_its_database_without_being_superuser_and_makes_the_extensions(postgres: Postgres) -> None:
    postgres.start()
    assert execute(postgres, "select rolsuper from pg_roles where rolname = 'meg'") == [(False,)]
    for extension in ("unaccent", "pg_trgm", "btree_gin", "btree_gist"):
        execute(postgres, f"create extension {extension}")
    assert execute(postgres, "select lower('ÉCLAIR'), unaccent('ÉCLAIR')") == [("éclair", "ECLAIR")]
    found = execute(postgres, "select datlocprovider, datlocale from pg_database where datname = 'meg'")
    assert found == [("b", "PG_UNICODE_FAST")]


def test_nobody_enters_postgresql_without_the_password(postgres: Postgres) -> None:
    postgres.start()
    for user, password in (("meg", "wrong"), ("postgres", "")):
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(host="127.0.0.1", port=postgres.port, dbname="meg", user=user, password=password)


def test_a_killed_valkey_keeps_what_was_written(folder: DataFolder) -> None:
    server = Valkey(folder)
    child = server.start()
    with Redis.from_url(server.url) as client:
        client.set("kept", "42")
        client.execute_command("WAITAOF", 1, 0, 5_000)
    kill(child)
    again = server.start()
    with Redis.from_url(server.url) as client:
        assert client.get("kept") == b"42"
    again.stop(patience=5)


def test_secrets_and_notes_are_for_our_eyes_only(folder: DataFolder) -> None:
    secret = folder.secret("django")
    folder.write_note({"children": []})
    assert DataFolder(folder.path).secret("django") == secret
    assert {path.stat().st_mode & 0o777 for path in (folder.path / "secrets.json", folder.note)} == {0o600}


def test_one_process_owns_a_folder_at_a_time(folder: DataFolder) -> None:
    assert not DataFolder(folder.path).take()


def test_a_pid_that_was_given_to_a_younger_process_is_not_believed() -> None:
    # A leader of its own: our session's may lie outside the process namespace that we run in (pid 0).
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as leader:
        started = psutil.Process(leader.pid).create_time()
        assert recognise([{"pid": leader.pid, "started": started}])
        assert recognise([{"pid": leader.pid, "started": started - 3_600}]) == []
        leader.kill()


def test_a_folder_is_not_opened_to_others_and_what_lies_behind_a_closed_one_still_starts() -> None:
    with tempfile.TemporaryDirectory(prefix="meg-closed-") as name:
        closed = Path(name)
        data = DataFolder(closed / "data")
        data.prepare()
        data.take()
        server = RememberingPostgres(data, throwaway=True)
        try:
            server.start()
            assert execute(server, "select 1") == [(1,)]
            assert closed.stat().st_mode & 0o777 == 0o700
        finally:
            server.stop()
            data.release()
            shutil.rmtree(server.home)


def test_a_nearly_full_disk_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(Refusal, match=r"^Le disque est plein : libérez de la place sous [^\n]+, puis relancez\.$"):
        DataFolder(tmp_path).prepare()


def test_a_start_that_fails_says_why_and_where_to_look(postgres: Postgres) -> None:
    postgres.start().stop(patience=10)
    (postgres.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(Refusal, match=r"^PostgreSQL ne démarre pas \(.*incompatible.*\) : voyez .*postgres\.log\.$"):
        postgres.start()

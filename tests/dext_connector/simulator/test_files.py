"""The simulator's file is changed whole or not at all, by one at a time."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dext_connector.simulator.files import JsonFile


@pytest.fixture
def file(tmp_path) -> JsonFile:
    return JsonFile(tmp_path / "deep" / "state.json", lambda: {"count": 0})


def test_a_file_that_is_not_there_or_torn_reads_as_the_start(file):
    assert file.read() == {"count": 0}
    file.path.parent.mkdir()
    file.path.write_text('{"coun')
    assert file.read() == {"count": 0}


def test_no_change_of_simultaneous_ones_is_lost(file):
    def add(_: int) -> None:
        with file.change() as state:
            state["count"] += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert file.read() == {"count": 40}


def test_a_change_that_fails_leaves_the_file_as_it_was(file):
    with file.change() as state:
        state["count"] = 1
    with pytest.raises(ZeroDivisionError), file.change() as state:
        state["count"] = 1 // 0
    assert file.read() == {"count": 1}


def test_nobody_else_reads_the_tokens(file):
    with file.change():
        pass
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600

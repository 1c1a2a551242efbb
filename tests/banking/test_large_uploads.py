"""What the imports page does with a file that is too large."""

import tracemalloc

import pytest
from django.test import Client

from firms.models import Company
from tests.banking.bank_pages import address

LIMIT = 32 * 1024 * 1024


def test_a_file_that_is_too_large_is_refused_by_the_page_without_being_held(
    accountant: Client, company: Company, monkeypatch: pytest.MonkeyPatch
):
    """Its pieces go to the disk as they come, and from there nowhere: a limit of 32 MB shows it as 200 would."""
    monkeypatch.setattr("banking.imports.forms.MAX_BYTES", LIMIT)
    before, after = (
        b"--x\r\nContent-Disposition: form-data; name=statements; filename=enorme.txt\r\n\r\n",
        b"\r\n--x--\r\n",
    )
    size = len(before) + LIMIT + 1 + len(after)
    body = Pieces([before, *[bytes(2**20)] * (LIMIT // 2**20), b"0", after])
    tracemalloc.start()
    answer = accountant.request(
        PATH_INFO=address(company, "imports"), REQUEST_METHOD="POST", CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(size), **{"wsgi.input": body},
    )  # fmt: skip
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (answer.status_code, company.statement_imports.exists()) == (422, False)
    assert "« enorme.txt » dépasse 200 Mo" in answer.content.decode().replace("\u00a0", " ")
    assert held < LIMIT / 2


class Pieces:
    """A body that is drawn piece by piece."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = iter(pieces)
        self.ahead = b""

    def read(self, size: int = -1) -> bytes:
        while len(self.ahead) < size and (piece := next(self.pieces, b"")):
            self.ahead += piece
        taken, self.ahead = self.ahead[:size], self.ahead[size:]
        return taken

    readline = read

import struct
import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.account import AccountKey
from banking.statements.archive import MAX_FILES, members
from banking.statements.detect import read_statements
from banking.statements.statement import NeedsTelling, UnreadableStatement
from banking.statements.told import Told
from tests.banking.statements.other_writers import meg_csv
from tests.banking.statements.writers import Move, cfonb, ofx

MOVES = [Move(date(2026, 11, 2), -100, "EDF")]
CFONB, OFX = cfonb(MOVES).encode(), ofx(MOVES).encode()
MIB = 1024**2


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def refusal(data: bytes, max_bytes: int = MIB) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        list(members(data, max_bytes))
    return refused.value


def test_every_statement_in_an_archive_is_read() -> None:
    data = zipped(("a/octobre.txt", CFONB), ("b.ofx", OFX), ("__MACOSX/b.ofx", b"x"), ("a/.DS_Store", b"x"))
    assert [statement.format for statement in read_statements(data)] == ["cfonb120", "ofx"]


def test_what_is_told_goes_to_the_files_inside() -> None:
    data = zipped(("operations.csv", meg_csv(MOVES).encode()))
    told = Told(account=AccountKey.from_rib("30004", "00123", "00012345678"))
    assert read_statements(data, told=told)[0].total_cents == -100
    with pytest.raises(NeedsTelling, match="account") as refused:
        read_statements(data)
    assert refused.value.message.startswith("«\u00a0operations.csv\u00a0»\u00a0: Refusé")


def test_one_unreadable_file_refuses_the_archive_by_its_name() -> None:
    with pytest.raises(UnreadableStatement) as refused:
        read_statements(zipped(("a.txt", CFONB), ("photo.pdf", b"%PDF-1.7")))
    assert refused.value.message.startswith("«\u00a0photo.pdf\u00a0»\u00a0: Refusé\u00a0: c’est un PDF.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(), "vide"),
        (zipped(("dossier/", b"")), "vide"),
        (zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"")), "un classeur"),
        (zipped(*((f"{n}.txt", b"") for n in range(MAX_FILES + 1))), f"contient {MAX_FILES + 1} fichiers"),
        (zipped(("a.txt", b"0" * 2 * MIB), method=zipfile.ZIP_STORED), "dépasse 1\u00a0Mo"),
        (zipped(("a.zip", zipped(("b.txt", CFONB)))), "une archive dans l’archive"),
        (zipped(("a.txt", CFONB))[:-30], "coupée ou abîmée"),
        (b"PK\x03\x04", "coupée ou abîmée"),
    ],
)
def test_an_archive_out_of_bounds_is_refused_in_words(data: bytes, words: str) -> None:
    refused = refusal(data)
    assert words in refused.message
    assert "importez" in refused.message


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    assert "trop compressé" in refusal(zipped(("a.txt", b"0" * 3 * MIB)), 4 * MIB).message


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = zipped(("a.txt", b"0" * 3 * MIB))
    lied = data.replace(struct.pack("<L", 3 * MIB), struct.pack("<L", 100))
    assert "coupée ou abîmée" in refusal(lied).message


def test_a_password_is_refused() -> None:
    data = bytearray(zipped(("a.txt", CFONB)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    assert "mot de passe" in refusal(bytes(data)).message


@given(st.integers(0, 500), st.integers(0, 255))
def test_an_altered_archive_is_read_or_refused(place: int, value: int) -> None:
    data = bytearray(zipped(("a.txt", CFONB)))
    data[4 + place % (len(data) - 4)] = value
    try:
        read_statements(bytes(data))
    except UnreadableStatement:
        pass

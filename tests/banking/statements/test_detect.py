from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements import detect
from banking.statements.detect import MAX_BYTES, read_statements
from banking.statements.statement import UnreadableStatement
from tests.banking.statements.writers import Move, cfonb, ofx

MOVES = [
    Move(date(2026, 11, 2), -12480, "PRLV ÉDF", "B1", (("NBE", "EDF"), ("MMO", "USD2000000000034990600000918000"))),
    Move(date(2026, 11, 3), 200),
]
WHOLE = [
    cfonb(MOVES).encode("latin-1"),
    ofx(MOVES, balance="<LEDGERBAL><BALAMT>1<DTASOF>20261130</LEDGERBAL>").encode("cp1252"),
]


def refusal(data: bytes) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read_statements(data)
    return refused.value


@pytest.mark.parametrize(("data", "format"), list(zip(WHOLE, ["cfonb120", "ofx"], strict=True)))
def test_the_content_chooses_the_reader(data: bytes, format: str) -> None:
    (statement,) = read_statements(data)
    assert (statement.format, statement.total_cents) == (format, -12280)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "le fichier est vide"),
        (b"\xef\xbb\xbf \r\n\x1a", "le fichier est vide"),
        (b"%PDF-1.7\n...", "c’est un PDF"),
        (b"\xff\xd8\xff\xe0", "une image"),
        (b"<!DOCTYPE html><html>", "une page web"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "un classeur Excel"),
        (b"{\\rtf1 Relev\\'e9", "un document de traitement de texte"),
        (b"Bonjour,\nveuillez trouver le relev\xe9.\n", "ce n’est pas un relevé bancaire"),
    ],
)
def test_anything_else_is_refused_with_what_it_is_and_what_to_bring(data: bytes, words: str) -> None:
    message = refusal(data).message
    assert words in message
    assert "Téléchargez le relevé au format CFONB ou OFX." in message


def test_a_pdf_is_told_in_the_words_of_the_page() -> None:
    assert refusal(b"%PDF-1.7").message == "Refusé\u00a0: c’est un PDF. Téléchargez le relevé au format CFONB ou OFX."


def test_a_file_beyond_the_cap_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_BYTES == 200 * 1024**2
    monkeypatch.setattr(detect, "MAX_BYTES", 3 * 1024**2)
    assert "dépasse 3\u00a0Mo" in refusal(b"<OFX>" + b" " * 3 * 1024**2).message


def test_what_the_books_cannot_hold_is_refused() -> None:
    assert "trois décimales" in refusal(cfonb(MOVES, currency="TND", decimals="3").encode("latin-1")).message
    assert (
        "trop grand" in refusal(cfonb([Move(date(2026, 11, 2), 10**12)], currency="XPF", decimals="0").encode()).message
    )


@given(st.integers(0, 1000))
def test_no_cut_of_a_file_passes_for_the_whole(cut: int) -> None:
    for data in WHOLE:
        body = data.rstrip()
        at = cut % len(body)
        if at:
            refusal(body[:at])

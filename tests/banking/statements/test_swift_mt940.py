from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.statement import UnreadableStatement
from banking.statements.swift_mt940 import stream
from tests.banking.statements.other_writers import END, IBAN, START, mt940, mt940_line
from tests.banking.statements.reading import gathering
from tests.banking.statements.samples import shared
from tests.banking.statements.writers import Move

read = gathering(stream)
DAY = date(2026, 11, 2)
LABELS = st.text(st.sampled_from("ABCDEFÉÈàç 0123456789*.&"), min_size=1, max_size=60).map(
    lambda text: "VIR " + " ".join(text.split())
)
MOVES = st.lists(
    st.builds(
        Move, on=st.dates(DAY, END), cents=st.integers(-(10**11), 10**11).filter(bool), label=LABELS.map(str.strip)
    ),
    max_size=8,
)


def refusal(text: str) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read(text.encode())
    return refused.value


@given(MOVES, st.integers(-(10**10), 10**10), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "cp1252"]))
def test_what_was_written_is_read_back(moves: list[Move], opening: int, eol: str, encoding: str) -> None:
    (statement,) = read(mt940(moves, opening=opening, eol=eol).encode(encoding))
    assert [(line.booked_on, line.amount_cents, line.label) for line in statement.lines] == [
        (move.on, move.cents, move.label) for move in moves
    ]
    assert (statement.account.iban, statement.currency, statement.format) == (IBAN, "EUR", "mt940")
    assert (statement.opening_on, statement.opening_cents) == (START, opening)
    assert (statement.closing_on, statement.closing_cents) == (END, opening + sum(move.cents for move in moves))


def test_a_balance_that_does_not_follow_is_refused_with_the_sum_done() -> None:
    refused = refusal(mt940([Move(DAY, -3710)], opening=125000, gap=-10))
    assert "1\u00a0250,00 − 37,10 = 1\u00a0212,90, mais le fichier annonce 1\u00a0212,80" in refused.message
    assert refused.place == 7


@pytest.mark.parametrize(("mark", "cents"), [("C", 1000), ("D", -1000), ("RC", -1000), ("RD", 1000), ("CR", 1000)])
def test_reversals_go_the_other_way(mark: str, cents: int) -> None:
    lines = mt940_line(Move(DAY, 1000), mark=mark)
    (statement,) = read(mt940([Move(DAY, cents)], lines=lines).encode())
    assert statement.lines[0].amount_cents == cents


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (IBAN, "30004-00123-00012345678"),
        (f"BNPAFRPPXXX/{IBAN}EUR", "30004-00123-00012345678"),
        ("30004001230001234567843EUR", "30004-00123-00012345678"),
        ("30004/00012345678", "30004--00012345678"),
        ("50880050/0194787400888", "50880050--0194787400888"),
        ("DE89370400440532013000", "DE89370400440532013000"),
    ],
)
def test_the_account_is_an_iban_a_rib_or_a_bank_and_a_number(written: str, key: str) -> None:
    assert read(mt940([], account=written).encode())[0].account.key == key


@pytest.mark.parametrize(
    ("details", "label", "payee", "reference"),
    [
        (
            "105?00SEPA DIRECT DEBIT?20EREF+E2E-EDF-1?21MREF+MM9760?22CRED+FR47EDF001007?23SVWZ+FACTURE 10\n20?32EDF",
            "EDF FACTURE 1020", "EDF", "E2E-EDF-1",
        ),
        ("/EREF/E2E-EDF-1/ORDP//NAME/EDF/REMI/FACTURE 1020/MARF/MM9760/CSID/FR47EDF001007",
         "EDF FACTURE 1020", "EDF", "E2E-EDF-1"),
        ("PRLV SEPA EDF\nFACTURE 1020", "PRLV SEPA EDF FACTURE 1020", "", ""),
        ("/EREF/NOTPROVIDED/REMI/LOYER", "LOYER", "", ""),
    ],
)  # fmt: skip
def test_details_are_told_by_their_sub_fields(details: str, label: str, payee: str, reference: str) -> None:
    (line,) = read(mt940([Move(DAY, -1000)], lines=mt940_line(Move(DAY, -1000), details=details)).encode())[0].lines
    assert (line.label, line.complements.beneficiary, line.complements.reference) == (label, payee, reference)
    if payee:
        assert (line.complements.mandate, line.complements.creditor_identifier) == ("MM9760", "FR47EDF001007")


def test_an_entry_of_january_on_a_value_of_december_is_of_the_year_after() -> None:
    lines = ":61:2612310102C10,00NTRFNONREF"
    (line,) = read(mt940([Move(DAY, 1000)], lines=lines).encode())[0].lines
    assert (line.value_on, line.booked_on) == (date(2026, 12, 31), date(2027, 1, 2))


def test_several_messages_are_several_statements_whatever_stands_between() -> None:
    text = "{1:F01}{4:\n" + mt940([Move(DAY, 5)]) + "\n-}\nABNANL2A\n940\n" + mt940([], account="30004/00099999999")
    assert [len(statement.lines) for statement in read(text.encode())] == [1, 0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("D10,00", "D10.50", "opération «\u00a02611021102D10.50"),
        ("D10,00", "D1,0,0", "illisible"),
        ("D10,00", "D10,005", "plus fin que le centime"),
        (":61:2611021102", ":61:2602300301", "2602300301"),
        (":62F:", ":63F:", "le champ :62F: manque"),
        (":25:", ":26:", "le champ :25: manque"),
        ("C261031EUR", "C261031", "solde"),
        (":28C:", ":25:", "deux champs :25:"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_value_and_its_place(old: str, new: str, words: str) -> None:
    refused = refusal(mt940([Move(DAY, -1000)], opening=5000).replace(old, new))
    assert words in refused.message
    assert refused.place


@given(st.integers(0, 400))
def test_no_cut_of_a_file_passes_for_the_whole(cut: int) -> None:
    text = mt940([Move(DAY, -1000)], opening=5000)
    if cut < text.index(":62F:") + 18:
        refusal(text[:cut])


@pytest.mark.parametrize(
    ("name", "counts"),
    [("wolph_cmxl_mt940.sta", [11, 2, 3]), ("wolph_mBank_mt940.sta", [3]), ("wolph_sberbank_171011_01234945.sta", [3])],
)
def test_samples_are_read_to_the_cent(name: str, counts: list[int]) -> None:
    assert [len(statement.lines) for statement in read(shared(f"mt940/{name}"))] == counts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wolph_self-provided_february_30.sta", "Ligne 6"),
        ("wolph_betterplace_sepa_snippet_broken.sta", "deux champs :25:"),
        ("wolph_self-provided_raphaelm.sta", "solde «\u00a0C020315105000,00\u00a0»"),
        ("wolph_self-provided_invalid_statement.sta", "aucun relevé"),
        ("wolph_jejik_abnamro.sta", "Écart"),
        ("wolph_jejik_ing.sta", "Écart"),
        ("wolph_betterplace_sepa_snippet.sta", "Écart"),
    ],
)
def test_samples_with_errors_or_missing_lines_are_refused_with_the_reason(name: str, words: str) -> None:
    with pytest.raises(UnreadableStatement, match=words):
        read(shared(f"mt940/{name}"))

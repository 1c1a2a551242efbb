from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.camt053 import stream
from banking.statements.statement import UnreadableStatement
from tests.banking.statements.other_writers import (
    END,
    IBAN,
    START,
    camt,
    camt_balance,
    camt_entry,
    camt_of,
    camt_statement,
)
from tests.banking.statements.reading import gathering
from tests.banking.statements.samples import shared
from tests.banking.statements.writers import Move

read = gathering(stream)
DAY = date(2026, 11, 2)
LABELS = st.text(st.sampled_from("ABCDEFÉÈàç 0123456789*/-.&<'#"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "VIR"
)
MOVES = st.lists(
    st.builds(Move, on=st.dates(DAY, END), cents=st.integers(-(10**11), 10**11).filter(bool), label=LABELS), max_size=8
)


def refusal(text: str | bytes) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read(text.encode() if isinstance(text, str) else text)
    return refused.value


def details(inside: str, cents: int = -1000) -> str:
    return camt(camt_statement(camt_entry(Move(DAY, cents), details=inside)))


@given(MOVES, st.sampled_from(["02", "08"]), st.integers(-(10**10), 10**10))
def test_what_was_written_is_read_back(moves: list[Move], version: str, opening: int) -> None:
    (statement,) = read(camt_of(moves, version=version, opening=opening).encode())
    assert [(line.booked_on, line.value_on, line.amount_cents, line.label) for line in statement.lines] == [
        (move.on, move.on, move.cents, move.label) for move in moves
    ]
    assert (statement.account.iban, statement.currency, statement.format) == (IBAN, "EUR", "camt053")
    assert (statement.opening_on, statement.opening_cents) == (START, opening)
    assert (statement.closing_on, statement.closing_cents) == (END, opening + sum(move.cents for move in moves))


@pytest.mark.parametrize(("namespace", "prefix"), [(False, ""), (True, ""), (True, "ns2")])
def test_the_namespace_is_of_no_account(namespace: bool, prefix: str) -> None:
    text = camt(camt_statement(camt_entry(Move(DAY, -100, "EDF"))), namespace=namespace, prefix=prefix)
    assert [line.label for line in read(text.encode())[0].lines] == ["EDF"]


def test_a_balance_that_does_not_follow_is_refused_with_the_sum_done() -> None:
    refused = refusal(camt_of([Move(DAY, -3710)], opening=125000, gap=-10))
    assert refused.message == (
        "Refusé\u00a0: 1\u00a0250,00 − 37,10 = 1\u00a0212,90, mais le fichier annonce 1\u00a0212,80. "
        "Écart\u00a0: 0,10\u00a0€. Rien n’a été enregistré."
    )


def test_the_closing_of_the_day_before_opens_where_no_opening_is_printed() -> None:
    assert read(camt_of([Move(DAY, 5)], opening=10, opening_code="PRCD").encode())[0].opening_cents == 10


@pytest.mark.parametrize("status", ["PDNG", "INFO"])
def test_only_booked_entries_are_lines(status: str) -> None:
    entries = camt_entry(Move(DAY, -100)) + camt_entry(Move(DAY, -900), status=status)
    assert read(camt(camt_statement(entries)).encode())[0].total_cents == -100


def test_an_entry_of_an_unknown_status_is_refused() -> None:
    assert "statut «\u00a0BOUK\u00a0»" in refusal(camt(camt_statement(camt_entry(Move(DAY, 1), status="BOUK")))).message


def test_a_reversal_keeps_the_sense_that_it_states() -> None:
    text = details("").replace("</Sts>", "</Sts><RvslInd>true</RvslInd>")
    assert read(text.encode())[0].lines[0].amount_cents == -1000


def test_one_transaction_gives_its_complements() -> None:
    text = details(
        "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId><MndtId>MM97</MndtId></Refs>"
        '<AmtDtls><InstdAmt><Amt Ccy="USD">34.99</Amt></InstdAmt></AmtDtls>'
        "<RltdPties><Dbtr><Pty><Nm>NOUS</Nm></Pty></Dbtr><Cdtr><Pty><Nm>EDF</Nm><Id><PrvtId><Othr>"
        "<Id>FR47EDF001007</Id></Othr></PrvtId></Id></Pty></Cdtr></RltdPties>"
        "<RmtInf><Ustrd>FACTURE</Ustrd><Strd><RfrdDocInf><Nb>FA-12</Nb></RfrdDocInf></Strd></RmtInf></TxDtls>"
    )
    line = read(text.encode())[0].lines[0]
    told = line.complements
    assert (line.label, told.payer, told.beneficiary, told.remittance) == (
        "EDF FACTURE FA-12",
        "NOUS",
        "EDF",
        "FACTURE FA-12",
    )
    assert (told.mandate, told.creditor_identifier, told.reference) == ("MM97", "FR47EDF001007", "")
    assert (told.original_currency, told.original_cents) == ("USD", 3499)
    assert "NOTPROVIDED" not in line.detail


def batch(first: str, second: str) -> str:
    parts = "".join(
        f'<TxDtls><Amt Ccy="EUR">{amount}</Amt><RltdPties><Cdtr><Nm>{name}</Nm></Cdtr></RltdPties></TxDtls>'
        for name, amount in (("DELORME", first), ("OVH", second))
    )
    return details(f"<Btch><PmtInfId>LOT1</PmtInfId></Btch>{parts}")


def test_a_batch_is_one_line_that_tells_its_parts_where_they_add_up() -> None:
    (line,) = read(batch("7.50", "2.50").encode())[0].lines
    assert (line.amount_cents, line.label) == (-1000, "Lot de 2 opérations (DELORME, OVH)")
    assert "DELORME −7,50\nOVH −2,50" in line.detail
    assert line.complements.reference == "LOT1"


def test_a_batch_whose_parts_do_not_add_up_is_kept_whole() -> None:
    (line,) = read(batch("7.50", "2.49").encode())[0].lines
    assert (line.amount_cents, "7,50" in line.detail) == (-1000, False)


def page(number: int, last: bool, balances: str, cents: int) -> str:
    pages = f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd></StmtPgntn>"
    return camt_statement(camt_entry(Move(DAY, cents)), balances=balances, pages=pages)


FIRST = page(1, False, camt_balance("OPBD", 100, START) + camt_balance("ITBD", 110, DAY), 10)
SECOND = page(2, False, camt_balance("ITBD", 110, DAY) + camt_balance("ITBD", 130, DAY), 20)
THIRD = page(3, True, camt_balance("ITBD", 130, DAY) + camt_balance("CLBD", 160, END), 30)


def test_the_pages_of_a_statement_make_one() -> None:
    (statement,) = read(camt(FIRST, SECOND, THIRD).encode())
    assert (statement.opening_cents, statement.total_cents, statement.closing_cents) == (100, 60, 160)


def test_a_page_alone_is_checked_against_its_intermediate_balances() -> None:
    (statement,) = read(camt(SECOND).encode())
    assert (statement.opening_cents, statement.closing_cents) == (110, 130)
    assert "Écart" in refusal(camt(SECOND.replace("1.30", "1.31"))).message


def test_a_missing_page_is_refused() -> None:
    assert "la page 3 suit la page 1" in refusal(camt(FIRST, THIRD)).message


def test_several_accounts_stay_apart() -> None:
    other = camt_statement(camt_entry(Move(DAY, 5)), account="<Othr><Id>50000000054910000003</Id></Othr>")
    first, second = read(camt(camt_statement(""), other).encode())
    assert (first.account.iban, second.account.number) == (IBAN, "50000000054910000003")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<Amt Ccy=\"EUR\">10.00", "<Amt Ccy=\"EUR\">12..34", "montant «\u00a012..34\u00a0» illisible"),
        ("<Amt Ccy=\"EUR\">10.00", "<Amt Ccy=\"EUR\">1.005", "montant «\u00a01.005\u00a0» illisible"),
        ("<Amt Ccy=\"EUR\">10.00", "<Amt Ccy=\"USD\">10.00", "montant en USD dans un compte en EUR"),
        (">DBIT<", ">DEBIT<", "sens «\u00a0DEBIT\u00a0»"),
        ("2026-11-02", "2026-02-30", "date «\u00a02026-02-30\u00a0»"),
        (f"<IBAN>{IBAN}</IBAN>", "", "ne nomme pas son compte"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_with_its_value_and_its_place(old: str, new: str, words: str) -> None:
    refused = refusal(details("<TxDtls/>").replace(old, new))
    assert words in refused.message
    assert refused.place
    assert "Téléchargez" in refused.message


@pytest.mark.parametrize(("name", "words"), [("BkToCstmrAcctRpt", "camt.052"), ("BkToCstmrDbtCdtNtfctn", "camt.054")])
def test_what_is_not_a_statement_is_refused_by_name(name: str, words: str) -> None:
    assert words in refusal(f"<Document><{name}><Rpt/></{name}></Document>").message


BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_any_entity_grows(encoding: str) -> None:
    assert "type de document" in refusal(BOMB.encode(encoding)).message


@pytest.mark.parametrize(
    "text",
    ["<Document>", "<Document/>", "<a>" * 40_000, "<Stmt></Stmt>", "<?xml encoding='x'?>", "<Document>&b;</Document>"],
)
def test_xml_that_is_cut_or_no_statement_is_refused(text: str) -> None:
    assert "Ligne 1" in refusal(text).message


@given(st.integers(0, 10_000))
def test_no_cut_of_a_file_passes_for_the_whole(cut: int) -> None:
    text = camt_of([Move(DAY, -100)])
    if cut < len(text):
        refusal(text[:cut])


def test_the_french_sample_is_read_to_the_cent() -> None:
    (statement,) = read(shared("camt053/synthetic_fr_camt.053.001.08.xml"))
    assert [line.amount_cents for line in statement.lines] == [-12480, -68191, 240000]
    assert (statement.opening_cents, statement.closing_cents) == (523456, 682785)
    assert (statement.lines[0].kind, statement.lines[0].complements.mandate) == ("B1", "MM9760012345678901")

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.ofx import stream
from banking.statements.statement import UnreadableStatement
from tests.banking.statements.reading import gathering
from tests.banking.statements.samples import own, shared
from tests.banking.statements.writers import Move, ofx

read = gathering(stream)
DAY = date(2026, 11, 2)
LABELS = (
    st.text(st.sampled_from("ABCDEFÉÈÀÇ abcdé0123456789*/-.&'#"), min_size=1, max_size=80)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
MOVES = st.lists(
    st.builds(Move, on=st.dates(DAY, date(2026, 11, 30)), cents=st.integers(-(10**11), 10**11), label=LABELS),
    max_size=8,
)


def refusal(text: str) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read(text.encode())
    return refused.value


def one(line: str) -> str:
    return ofx([]).replace(
        "</BANKTRANLIST>", f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>20261102<TRNAMT>-1.00{line}</STMTTRN></BANKTRANLIST>"
    )


@given(MOVES, st.booleans(), st.sampled_from(["", "[+4:RET]", ".000[-5:EST]"]), st.sampled_from(["utf-8", "cp1252"]))
def test_what_was_written_is_read_back(moves: list[Move], comma: bool, zone: str, encoding: str) -> None:
    (statement,) = read(ofx(moves, comma=comma, zone=zone).encode(encoding))
    assert [(line.booked_on, line.amount_cents, line.label) for line in statement.lines] == [
        (move.on, move.cents, move.label) for move in moves
    ]
    assert (statement.opening_on, statement.closing_on) == (date(2026, 11, 1), date(2026, 11, 30))
    assert statement.account.key == "30004-00123-00012345678"


def test_utf8_under_a_declared_1252_is_utf8() -> None:
    assert read(ofx([Move(DAY, -100, "ÉLECTRICITÉ")]).encode("utf-8"))[0].lines[0].label == "ÉLECTRICITÉ"


def test_the_declared_code_page_is_taken_where_the_bytes_are_not_utf8() -> None:
    text = ofx([Move(DAY, -100, "PÂTE 5 €")]).replace("CHARSET:1252", "CHARSET:ISO-8859-15")
    assert read(text.encode("iso8859-15"))[0].lines[0].label == "PÂTE 5 €"


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("-124,80", -12480),
        ("+2400.00", 240000),
        ("1 250,5", 125050),
        ("1\u00a0250", 125000),
        ("\u22123.1", -310),
        ("-.50", -50),
        ("12.3000", 1230),
    ],
)
def test_amounts_are_read_as_banks_write_them(written: str, cents: int) -> None:
    text = ofx([Move(DAY, 4242)]).replace("42.42", written)
    assert read(text.encode())[0].lines[0].amount_cents == cents


@pytest.mark.parametrize("written", ["12,5O", "1,234.56", "1.234,56", "$120", "12.345", "--1", "1e5", "", "٣"])
def test_an_amount_that_cannot_be_told_is_refused_and_never_zero(written: str) -> None:
    refused = refusal(ofx([Move(DAY, 100), Move(DAY, 4242)]).replace("42.42", written))
    assert "Opération 2" in refused.message
    assert refused.place == 9
    assert written in refused.message


@pytest.mark.parametrize("written", ["", "20120231", "201120000000", "02/11/2026", "demain"])
def test_a_date_that_cannot_be_told_is_refused(written: str) -> None:
    refused = refusal(ofx([Move(DAY, 100)]).replace("<DTPOSTED>20261102", f"<DTPOSTED>{written}"))
    assert "Opération 1" in refused.message
    assert refused.place == 8


@pytest.mark.parametrize(
    ("name", "memo", "label"),
    [
        (
            "PRLV SEPA URSSAF RHONE ALPES CNT",
            "PRLV SEPA URSSAF RHONE ALPES CNTFS 327955128",
            "PRLV SEPA URSSAF RHONE ALPES CNTFS 327955128",
        ),
        ("PRLV EDF", "FACTURE 1020", "PRLV EDF FACTURE 1020"),
        ("VIR ACME SAS", "", "VIR ACME SAS"),
        ("", "COTISATION", "COTISATION"),
        ("CB SNCF 12/11", "SNCF", "CB SNCF 12/11"),
        ("", "", "OTHER"),
    ],
)
def test_name_and_memo_make_one_label(name: str, memo: str, label: str) -> None:
    assert read(one(f"<FITID>1<NAME>{name}<MEMO>{memo}").encode())[0].lines[0].label == label


def test_a_name_cut_at_32_characters_is_also_told_glued_to_its_memo() -> None:
    name = "PRLV SEPA URSSAF RHONE ALPES CNT"
    line = read(one(f"<NAME>{name}<MEMO>FS 327955128").encode())[0].lines[0]
    assert line.label == f"{name} FS 327955128"
    assert f"{name}FS 327955128" in line.detail
    assert "ACMEFACTURE" not in read(one("<NAME>ACME<MEMO>FACTURE").encode())[0].lines[0].detail


def test_neither_signon_nor_balance_nor_period_is_needed() -> None:
    text = ofx([Move(DAY, -100)])
    assert "SONRS" not in text
    assert "LEDGERBAL" not in text
    bare = text.replace("<DTSTART>20261101", "").replace("<DTEND>20261130", "")
    (statement,) = read(bare.encode())
    assert (statement.closing_on, statement.closing_cents, statement.total_cents) == (DAY, None, -100)


def test_an_ampersand_and_a_lesser_than_are_text() -> None:
    line = read(one("<NAME>MARTIN & FILS &amp; CIE &lt;3 a < b AT&T &#233;T&eacute;").encode())[0].lines[0]
    assert line.label == "MARTIN & FILS & CIE <3 a < b AT&T éT&eacute;"


def test_empty_tags_hide_nothing_of_what_follows() -> None:
    line = read(one("<NAME>CHEQUE<MEMO><CHECKNUM>0001234<FOO><FITID>42").encode())[0].lines[0]
    assert (line.bank_reference, line.complements.reference) == ("42", "1234")
    assert "0001234" in line.detail


def test_operations_that_are_never_closed_stay_apart() -> None:
    text = ofx([Move(DAY, 100, "A"), Move(DAY, 200, "B")]).replace("</STMTTRN>", "")
    assert [line.amount_cents for line in read(text.encode())[0].lines] == [100, 200]


def test_a_lost_opening_tag_is_refused_rather_than_a_line_lost() -> None:
    whole = ofx([Move(DAY, 100, "A"), Move(DAY, 200, "B")])
    for broken in (whole.replace("<STMTTRN>", "<STMTRN>", 1), whole.replace("</STMTTRN>\n<STMTTRN>", "\n", 1)):
        assert "hors de son opération" in refusal(broken).message
    assert "hors d’un relevé" in refusal(whole.replace("<STMTRS>", "<STMRS>") + ofx([])).message


def test_a_file_that_was_cut_is_refused() -> None:
    text = ofx([Move(DAY, -12480)])
    assert "coupé" in refusal(text[: text.index("12480"[:3]) + 2]).message
    assert "coupé" in refusal(text.replace("</OFX>", "")).message


def test_the_balance_closes_the_period_only_on_its_last_day() -> None:
    on_last_day = "<LEDGERBAL><BALAMT>7009,76<DTASOF>20261130</LEDGERBAL><AVAILBAL><BALAMT>1<DTASOF>20261130</AVAILBAL>"
    assert read(ofx([], balance=on_last_day).encode())[0].closing_cents == 700_976
    today = "<LEDGERBAL><BALAMT>7009,76<DTASOF>20261205</LEDGERBAL>"
    statement = read(ofx([], balance=today).encode())[0]
    assert (statement.closing_on, statement.closing_cents) == (date(2026, 11, 30), None)


def test_a_card_statement_is_known_by_its_card() -> None:
    (statement,) = read(ofx([Move(DAY, -576)], account="<ACCTID>4970XXXXXXXX1234", is_card=True).encode())
    assert (statement.account.key, statement.account.last_four) == ("carte-4970XXXXXXXX1234", "1234")


def test_a_statement_that_is_never_closed_keeps_its_lines_from_the_next() -> None:
    bank, card = ofx([Move(DAY, 100)]), ofx([Move(DAY, 200)], account="<ACCTID>1234", is_card=True)
    statements = read(
        (bank.replace("</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>", "") + card[card.index("<CCSTMTRS>") :]).encode()
    )
    assert [[line.amount_cents for line in statement.lines] for statement in statements] == [[100], [200]]


def test_two_accounts_in_one_statement_are_refused() -> None:
    assert (
        "deux comptes"
        in refusal(ofx([]).replace("</BANKACCTFROM>", "</BANKACCTFROM><BANKACCTFROM><ACCTID>2</BANKACCTFROM>")).message
    )


def test_a_statement_without_account_is_refused() -> None:
    assert "ACCTID" in refusal(ofx([], account="<BANKID>30004<ACCTID>")).message


def test_an_amount_in_another_currency_than_the_account_is_refused() -> None:
    assert "USD" in refusal(one("<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY><NAME>X")).message
    line = read(one("<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY><NAME>X").encode())[0].lines[0]
    assert line.complements.original_currency == "USD"


@pytest.mark.parametrize("declaration", ['<!DOCTYPE a [<!ENTITY b "c">]>', '<!ENTITY a "aaaa">', "<!-- sans fin"])
def test_document_types_and_entities_are_refused(declaration: str) -> None:
    assert "n’a pas sa place" in refusal(declaration + ofx([])).message


def test_deep_nesting_is_refused() -> None:
    assert "imbriquées" in refusal("<OFX>" + "<A>" * 5000 + "</A></OFX>").message


def test_comments_and_cdata_are_understood() -> None:
    line = read(one("<!-- <TRNAMT>9 --><NAME><![CDATA[R&D <PARIS>  ]]>").encode())[0].lines[0]
    assert (line.label, line.amount_cents) == ("R&D <PARIS>", -100)


def test_the_words_of_a_bank_that_answers_with_an_error_are_given() -> None:
    text = "<OFX><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Mot de passe faux</STATUS></SONRS></OFX>"
    assert "«\u00a0Mot de passe faux\u00a0»" in refusal(text).message


def test_our_own_xml_sample_holds_a_bank_and_a_card_account() -> None:
    bank, card = read(own("ofx_211_bank_and_card.ofx"))
    assert [(line.label, line.amount_cents, line.purchased_on) for line in bank.lines] == [
        ("PRLV ÉLEC & GAZ", -12480, None)
    ]
    assert [(line.label, line.amount_cents, line.purchased_on) for line in card.lines] == [
        ("BOULANGERIE MARTIN", -576, date(2026, 11, 3))
    ]
    assert (bank.account.key, card.account.last_four) == ("30004-00123-00012345678", "1234")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("ofxparse_bank_medium", [3]),
        ("ofxparse_checking", [3]),
        ("ofxparse_empty_balance", [1]),
        ("ofxparse_multiple_accounts", [0, 0]),
        ("ofxparse_suncorp", [1]),
        ("synthetic_fr_sgml_1252_accents_amp", [3]),
        ("synthetic_fr_sgml_comma_decimals", [3]),
        ("synthetic_fr_sgml_name_over_32", [3]),
        ("synthetic_fr_sgml_no_ledgerbal", [3]),
        ("synthetic_fr_xml_211", [1]),
    ],
)
def test_real_files_are_read(name: str, counts: list[int]) -> None:
    assert [len(statement.lines) for statement in read(shared(f"ofx/{name}.ofx"))] == counts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ofxparse_bank_small", "aucun relevé"),
        ("ofxparse_signon_fail", "La banque y répond"),
        ("ofxparse_date_missing", "DTPOSTED"),
        ("ofxparse_decimal_error", "201120000000"),
    ],
)
def test_broken_files_are_refused_for_what_is_broken_in_them(name: str, words: str) -> None:
    with pytest.raises(UnreadableStatement, match=words):
        read(shared(f"ofx/{name}.ofx"))

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.cfonb120 import stream
from banking.statements.statement import UnreadableStatement
from tests.banking.statements.reading import gathering
from tests.banking.statements.samples import own, shared
from tests.banking.statements.writers import Move, cfonb, cfonb_amount, record

read = gathering(stream)
NOVEMBER = st.dates(date(2026, 11, 1), date(2026, 11, 30))
CENTS = st.integers(-(10**11), 10**11)
LABELS = st.text(st.sampled_from("ABCDEFÉÈÀÇ abcdé0123456789*/-."), min_size=1, max_size=31).map(str.strip).filter(bool)
MOVES = st.lists(
    st.builds(Move, on=NOVEMBER, cents=CENTS, label=LABELS, code=st.sampled_from(["01", "06", "28", "B1", "C2"])),
    max_size=8,
)


def refusal(text: str | bytes) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read(text if isinstance(text, bytes) else text.encode("latin-1"))
    return refused.value


@given(MOVES, CENTS)
def test_what_was_written_is_read_back(moves: list[Move], opening: int) -> None:
    (statement,) = read(cfonb(moves, opening=opening).encode("latin-1"))
    assert [(line.booked_on, line.amount_cents, line.kind) for line in statement.lines] == [
        (move.on, move.cents, move.code) for move in moves
    ]
    assert [line.label for line in statement.lines] == [" ".join(move.label.split()) for move in moves]
    assert (statement.opening_cents, statement.closing_cents) == (opening, opening + sum(move.cents for move in moves))
    assert (statement.opening_on, statement.closing_on) == (date(2026, 10, 31), date(2026, 11, 30))


@given(MOVES, CENTS)
def test_line_breaks_trimmed_blanks_and_the_end_of_file_mark_change_nothing(moves: list[Move], opening: int) -> None:
    text = cfonb(moves, opening=opening)
    lines = text.splitlines()
    plain = [(s, [line.amount_cents for line in s.lines]) for s in read(text.encode("latin-1"))]
    for variant in (
        "".join(lines),
        "\r\n".join(line.rstrip() for line in lines) + "\r\n\x1a",
        "\n\n   \n".join(lines),
        "\r".join(lines),
        "\ufeff" + text,
    ):
        data = variant.encode("utf-8") if variant.startswith("\ufeff") else variant.encode("latin-1")
        again = read(data)
        assert [[line.amount_cents for line in statement.lines] for statement in again] == [
            amounts for _, amounts in plain
        ]
        assert [[line.label for line in statement.lines] for statement in again] == [
            [line.label for line in s.lines] for s, _ in plain
        ]


@given(MOVES, CENTS, st.integers(-(10**6), 10**6).filter(bool))
def test_a_file_whose_lines_do_not_lead_to_the_new_balance_is_refused(
    moves: list[Move], opening: int, gap: int
) -> None:
    assert "Rien n’a été enregistré." in refusal(cfonb(moves, opening=opening, gap=gap)).message


def test_the_refusal_of_a_balance_does_the_sum_and_names_the_gap() -> None:
    refused = refusal(cfonb([Move(date(2026, 11, 2), -3_710)], opening=125_000, gap=-10))
    assert refused.message == (
        "Refusé\u00a0: 1\u00a0250,00 \u2212 37,10 = 1\u00a0212,90, mais le fichier annonce 1\u00a0212,80. "
        "Écart\u00a0: 0,10\u00a0€. Rien n’a été enregistré."
    )
    assert refused.place == 3


def test_the_wrong_balance_is_named_among_several_statements() -> None:
    text = cfonb([], opening=100) + cfonb([Move(date(2026, 11, 2), 5)], opening=100, gap=1, number="00099998888")
    assert "(compte …8888, ligne 5)" in refusal(text).message


@pytest.mark.parametrize(
    ("char", "cents"),
    [*zip("{ABCDEFGHI", range(10, 20), strict=True), *zip("}JKLMNOPQR", range(-10, -20, -1), strict=True)],
)
def test_the_last_character_carries_the_last_digit_and_the_sign(char: str, cents: int) -> None:
    text = cfonb([Move(date(2026, 11, 2), cents)]).replace(cfonb_amount(cents), "0000000000001" + char)
    assert read(text.encode())[0].lines[0].amount_cents == cents


def test_complements_are_read_by_qualifier() -> None:
    details = (
        ("NBE", "ORANGE BUSINESS SERVICES"),
        ("IBE", "FR12ZZZ123456"),
        ("LCC", "FACTURE FA006834"),
        ("LC2", "SUITE"),
        ("RUM", f"{'MANDAT42':35}RCUR"),
        ("RCN", f"{'NOTPROVIDED':35}LOYER"),
        ("REF", f"{'LOT7':35}OP9"),
        ("MMO", "USD2000000000034990600000918000"),
        ("XYZ", "INCONNU"),
        ("   ", "SANS QUALIFIANT"),
    )
    (statement,) = read(cfonb([Move(date(2026, 11, 2), -100, "PRLV", "B1", details)]).encode())
    line = statement.lines[0]
    facts = line.complements
    assert (facts.beneficiary, facts.creditor_identifier, facts.mandate) == (
        "ORANGE BUSINESS SERVICES",
        "FR12ZZZ123456",
        "MANDAT42",
    )
    assert (facts.remittance, facts.reference) == ("FACTURE FA006834 SUITE", "OP9")
    assert (facts.original_currency, facts.original_cents) == ("USD", 3_499)
    assert "INCONNU" in line.detail
    assert "SANS QUALIFIANT" in line.detail
    assert "34,99 USD" in line.detail


@pytest.mark.parametrize("qualifier", ["LIB", "CBE", "CPY", "FEE", "IPY", "IBE", "NPO", "NBU", "LCS", "ZZZ", "   "])
def test_what_any_qualifier_says_is_kept_in_the_detail(qualifier: str) -> None:
    moves = [Move(date(2026, 11, 2), -100, "PRLV", "B1", ((qualifier, "TEXTE ACCENTUÉ"),))]
    assert "TEXTE ACCENTUÉ" in read(cfonb(moves).encode("latin-1"))[0].lines[0].detail


def test_the_clients_reference_comes_before_the_operations_and_the_batchs() -> None:
    halves = {"RCN": "A-1", "REF": f"{'LOT7':35}OP9"}
    for names, reference in (("RCN REF", "A-1"), ("REF RCN", "A-1"), ("REF", "OP9")):
        details = tuple((name, halves[name]) for name in names.split())
        (statement,) = read(cfonb([Move(date(2026, 11, 2), -100, "VIR", "06", details)]).encode())
        assert statement.lines[0].complements.reference == reference


def test_the_ultimate_parties_stand_where_the_parties_are_not_told() -> None:
    details = (("NPO", "PAYEUR FINAL"), ("NBU", "BENEFICIAIRE FINAL"))
    told = read(cfonb([Move(date(2026, 11, 2), -100, "VIR", "06", details)]).encode())[0].lines[0].complements
    assert (told.payer, told.beneficiary) == ("PAYEUR FINAL", "BENEFICIAIRE FINAL")


def test_an_account_with_letters_has_its_iban() -> None:
    (statement,) = read(cfonb([], number="1234567A012").encode())
    assert statement.account.number == "1234567A012"
    assert statement.account.iban.startswith("FR")


def test_an_old_complement_without_qualifier_is_text_from_position_41() -> None:
    lines = cfonb([Move(date(2026, 11, 2), -100)]).splitlines()
    lines.insert(2, record("05")[:40] + "SUITE DU LIBELLE ANCIEN")
    assert "SUITE DU LIBELLE ANCIEN" in read("\n".join(lines).encode())[0].lines[0].detail


def test_blank_currency_and_decimals_are_euros_and_cents() -> None:
    (statement,) = read(cfonb([Move(date(2026, 11, 2), -100)], currency="", decimals="").encode())
    assert (statement.currency, statement.lines[0].amount_cents) == ("EUR", -100)


def test_pacific_francs_have_no_cents() -> None:
    (statement,) = read(cfonb([Move(date(2026, 11, 2), -1_500)], currency="XPF", decimals="").encode())
    assert (statement.currency, statement.lines[0].amount_cents) == ("XPF", -1_500)
    (written_with_two,) = read(cfonb([Move(date(2026, 11, 2), -150_000)], currency="XPF", decimals="2").encode())
    assert written_with_two.lines[0].amount_cents == -1_500


def test_the_balances_of_a_bank_that_leaves_them_without_currency_take_that_of_the_lines() -> None:
    lines = cfonb([Move(date(2026, 11, 2), -1_500)], currency="XPF", decimals="0").splitlines()
    lines[0], lines[2] = (line[:16] + "    " + line[20:] for line in (lines[0], lines[2]))
    (statement,) = read("\n".join(lines).encode())
    assert (statement.currency, statement.closing_cents) == ("XPF", -1_500)


@pytest.mark.parametrize(("year", "read_year"), [("79", 2079), ("80", 1980), ("99", 1999), ("00", 2000)])
def test_years_of_two_digits_turn_at_eighty(year: str, read_year: int) -> None:
    text = cfonb([]).replace("301126", f"3011{year}")
    closing = read(text.encode())[0].closing_on
    assert closing
    assert closing.year == read_year


def test_words_where_the_balance_has_none_are_let_be() -> None:
    lines = cfonb([]).splitlines()
    lines[0] = lines[0][:48] + f"{'** PAS DE MOUVEMENT **':31}" + lines[0][79:]
    assert read("\n".join(lines).encode())[0].lines == ()


OPENING, LINE, CLOSING = cfonb([Move(date(2026, 11, 2), -100)]).splitlines()


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ([LINE], 1, "hors d’un relevé"),
        ([CLOSING], 1, "hors d’un relevé"),
        ([OPENING, LINE], 1, "coupé"),
        ([OPENING, LINE, OPENING, LINE, CLOSING], 3, "avant le nouveau solde"),
        ([OPENING, record("05", qualifier="LIB", text="X"), CLOSING], 2, "sans son mouvement"),
        ([OPENING, record("08"), CLOSING], 2, "«\u00a008\u00a0» inconnu"),
        ([OPENING, LINE.replace("00012345678", "00099999999"), CLOSING], 2, "00099999999"),
        ([OPENING, LINE.replace("00123EUR", "00999EUR"), CLOSING], 2, "00999"),
        ([OPENING, LINE.replace("EUR", "USD"), CLOSING], 2, "USD"),
        ([OPENING, LINE.replace("021126", "310226"), CLOSING], 2, "310226"),
        ([OPENING, LINE[:34] + "      " + LINE[40:], CLOSING], 2, "date"),
        ([OPENING, LINE.replace("0000000000010}", "0000000000O10}"[-14:]), CLOSING], 2, "0000000000O10}"),
        ([OPENING, LINE.replace("0000000000010}", "00000000000100"), CLOSING], 2, "00000000000100"),
        ([OPENING, LINE[:90], CLOSING], 2, "montant"),
        ([OPENING, LINE + "DE TROP", CLOSING], 2, "127 caractères"),
        ([OPENING.replace("00012345678", " " * 11), CLOSING.replace("00012345678", " " * 11)], 1, "compte vide"),
    ],
)
def test_what_is_no_whole_statement_is_refused_with_its_line(lines: list[str], place: int, words: str) -> None:
    refused = refusal("\n".join(lines))
    assert refused.place == place
    assert words in refused.message


def test_a_bank_of_the_group_may_write_lines_of_the_statement() -> None:
    (statement,) = read("\n".join([OPENING, LINE.replace("30004", "10556"), CLOSING]).encode())
    assert statement.account.key == "30004-00123-00012345678"


def test_a_next_line_character_in_a_label_breaks_no_record() -> None:
    text = cfonb([Move(date(2026, 11, 2), -100, "CAF\x85 DU PORT")])
    assert len(read(text.encode("latin-1"))[0].lines) == 1


def test_our_own_sample_is_read_in_both_statements() -> None:
    first, second = read(own("cfonb120_two_accounts.txt"))
    assert [line.amount_cents for line in first.lines] == [-174_354, -576, 250_000]
    assert first.lines[0].complements.creditor_identifier == "FR12ZZZ123456"
    assert first.lines[1].label == "CB LA FOLIE DU PAIN 19/08 ÉTÉ"
    assert (second.account.last_four, second.lines) == ("4321", ())


def test_the_truth_beside_the_sample_of_bnp_is_what_is_read() -> None:
    truth = json.loads(shared("cfonb120/synthetic_bnp_expected.json"))[0]
    (statement,) = read(shared("cfonb120/synthetic_bnp_ok_crlf.txt"))
    assert (statement.account.bank, statement.account.branch, statement.account.number) == (
        truth["bank"],
        truth["branch"],
        truth["acc"],
    )
    assert (statement.opening_cents, statement.closing_cents) == (
        int(Decimal(truth["open"]) * 100),
        int(Decimal(truth["close"]) * 100),
    )
    for line, expected in zip(statement.lines, truth["ops"], strict=True):
        assert (line.kind, line.label, line.amount_cents) == (
            expected["op"],
            expected["lib"],
            int(Decimal(expected["amount"]) * 100),
        )
        assert f"{line.booked_on:%d%m%y}" == expected["date"]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("pennylane_example", [3, 3]),
        ("silarhi_complex-test", [1, 2, 0, 1, 0, 1, 0, 0]),
        ("silarhi_simple-test", [0]),
        ("synthetic_bnp_ok_crlf", [7]),
    ],
)
def test_real_files_are_read(name: str, counts: list[int]) -> None:
    assert [len(statement.lines) for statement in read(shared(f"cfonb120/{name}.txt"))] == counts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pennylane_end_of_statement_without_beginning", "ancien solde (01) manque"),
        ("pennylane_invalid_date", "«\u00a0CART\u00a0»"),
        ("pennylane_operation_out_of_statement", "Ligne 1"),
        ("synthetic_bnp_bad_balance", "Écart\u00a0: 0,01\u00a0€"),
    ],
)
def test_broken_files_are_refused_for_what_is_broken_in_them(name: str, words: str) -> None:
    assert words in refusal(shared(f"cfonb120/{name}.txt")).message

"""Which account of MEG stands for Dext's: by code, number, label or use, and nothing where nothing is sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.rules.proposing import Chart, Proposal, Use, disagreeing, propose, read_account, root_of

ACCOUNTS = {
    "60610000": "Fournitures non stockables (eau, énergie)",
    "60630000": "Fournitures d’entretien et de petit équipement",
    "60640000": "Fournitures administratives",
    "61350000": "Locations mobilières",
    "62510000": "Voyages et déplacements",
    "62570000": "Réceptions",
    "62600000": "Frais postaux et de télécommunications",
    "62261000": "Honoraires comptables",
}
CHART = Chart(ACCOUNTS, frozenset({"62560000"}), {"franprix": Use("60630000", 4, 5), "perdu": Use("62560000", 9, 9)})


def proposed(account: str, supplier: str = "Orange") -> Proposal:
    return propose(account, supplier=supplier, folded_supplier=supplier.casefold(), chart=CHART)


@pytest.mark.parametrize(
    ("account", "code", "basis"),
    [
        ("62570000", "62570000", "code"),
        ("62570000 - Réceptions", "62570000", "code"),
        ("6257", "62570000", "number"),
        ("625700", "62570000", "number"),
        ("6257000000", "62570000", "number"),
        ("626", "62600000", "number"),
        ("625701", "62570000", "number"),
        ("6257 Réceptions", "62570000", "number"),
        ("6226", "62261000", "number"),
        ("Réceptions", "62570000", "label"),
        ("RECEPTIONS ", "62570000", "label"),
        ("Receptoins", "62570000", "label"),
        ("Fourniture administratives", "60640000", "label"),
        ("999 - Réceptions", "62570000", "label"),
        ("625", "", ""),
        ("606", "", ""),
        ("6256", "", ""),
        ("62561", "", ""),
        ("Voyages", "", ""),
        ("", "", ""),
    ],
)
def test_an_account_is_proposed_only_where_it_is_sure(account: str, code: str, basis: str):
    found = proposed(account)
    assert (found.code, found.basis) == (code, basis)
    assert found.reason.endswith(".")


def test_what_the_supplier_was_booked_to_is_proposed_last():
    found = proposed("Divers", "Franprix")
    assert (found.code, found.basis) == ("60630000", "use")
    assert "4\u00a0fois sur 5" in found.reason
    assert proposed("6257", "Franprix").code == "62570000"
    assert proposed("Divers", "Perdu").code == ""


def test_an_account_that_is_archived_is_said_so():
    assert "archivé dans MEG" in proposed("6256").reason


def test_two_rules_of_one_supplier_must_agree():
    one, same, other = Proposal("1", "code", ""), Proposal("1", "number", ""), Proposal("2", "code", "")
    assert disagreeing([("a", one), ("a", same), ("b", one), ("b", other)]) == {"b"}


NUMBERS = st.from_regex(r"[0-9]{3}[0-9]{0,9}", fullmatch=True)


@given(st.dictionaries(st.from_regex(r"[0-9]{8}", fullmatch=True), st.text(max_size=20), max_size=8), NUMBERS)
def test_a_number_leads_to_its_own_account_or_to_one_above_or_below_it(accounts: dict[str, str], number: str):
    found = propose(number, supplier="x", folded_supplier="x", chart=Chart(accounts))
    if found.code:
        mine, theirs = root_of(number), root_of(found.code)
        assert found.code in accounts
        assert mine.startswith(theirs) or theirs.startswith(mine)
    assert not found.code or found.basis in {"code", "number"}


@given(st.text(max_size=140))
def test_whatever_dext_wrote_is_read(text: str):
    number, label = read_account(text)
    assert propose(text, supplier="x", folded_supplier="x", chart=CHART).reason
    assert not number or text.strip().upper().startswith(number)
    assert label == label.strip()


@given(st.sampled_from(sorted(ACCOUNTS)), st.integers(0, 4))
def test_zeros_at_the_end_of_a_number_change_nothing(code: str, zeros: int):
    assert proposed(root_of(code) + "0" * zeros).code == code

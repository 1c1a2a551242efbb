from datetime import timedelta

import pytest

from banking.matching.engine import match
from banking.matching.facts import Memory
from tests.banking.matching.made import DAY, a_line, an_invoice, pairs


@pytest.mark.parametrize(
    "label",
    [
        "VIR SEPA SALAIRE MARTIN",
        "VIR SEPA LOYER SCI MARTIN",
        "VIR VERS LIVRET MARTIN",
        "VIR SEPA MARTIN REMBOURSEMENT COMPTE COURANT",
    ],
)
def test_a_namesake_who_is_paid_for_something_else_is_left_to_a_person(label: str) -> None:
    invoice = an_invoice(supplier="Menuiserie Martin", due_on=DAY + timedelta(days=2))
    (decision,) = match([invoice], [a_line(label=label)])
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_no_purchase")


@pytest.mark.parametrize(
    ("supplier", "label"),
    [
        ("SCI des Tilleuls", "VIR SEPA LOYER SCI DES TILLEULS"),
        ("Prêt à Manger", "VIR SEPA PRET A MANGER"),
        ("Menuiserie Martin", "VIR SEPA MENUISERIE MARTIN"),
    ],
)
def test_a_rent_of_its_landlord_and_a_word_of_the_suppliers_own_name_do_not_hinder(supplier: str, label: str) -> None:
    assert pairs(match([an_invoice(supplier=supplier)], [a_line(label=label)]), "auto") == [("i1", "t1")]


def test_what_people_confirmed_for_these_words_and_a_number_are_stronger() -> None:
    invoice, line = an_invoice(supplier="Foncia", number="L2026-0718"), a_line(label="VIR SEPA LOYER FONCIA AGENCE")
    assert pairs(match([invoice], [line]), "auto") == []
    assert pairs(match([invoice], [line], Memory({"LOYER FONCIA AGENCE": "FONCIA"})), "auto") == [("i1", "t1")]
    numbered = a_line(label="VIR SEPA LOYER FONCIA L2026-0718")
    assert pairs(match([invoice], [numbered]), "auto") == [("i1", "t1")]


def test_money_that_came_back_may_be_called_a_refund() -> None:
    invoice, line = an_invoice(cents=-5_000), a_line(cents=5_000, label="VIR REMBOURSEMENT BOULANGERIE MARTIN")
    assert pairs(match([invoice], [line]), "auto") == [("i1", "t1")]


def test_cash_drawn_in_the_town_of_a_namesake_pays_no_invoice() -> None:
    (decision,) = match([an_invoice(supplier="Avignon")], [a_line(label="RETRAIT DAB AVIGNON 190819")])
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_withdrawal")

from datetime import timedelta

import pytest

from banking.matching.engine import match
from banking.matching.facts import Reason
from banking.matching.reasons import VETOES, WORDS, sentence
from tests.banking.matching.made import DAY, a_line, an_invoice

NBSP = "\u00a0"


def test_an_automatic_match_is_said_in_full() -> None:
    invoice = an_invoice(number="FA006834", due_on=an_invoice().issued_on)
    (decision,) = match([invoice], [a_line(label="PRLV SEPA BOULANGERIE MARTIN FA006834")])
    assert [sentence(reason) for reason in decision.reasons] == [
        "Montant identique au centime",
        f"seule ligne de 1{NBSP}743,54{NBSP}€ en 142 jours",
        f"n°{NBSP}FA006834 dans le libellé",
        f"«{NBSP}BOULANGERIE MARTIN{NBSP}» dans le libellé",
        "payé 2 jours après l’échéance",
    ]


def test_a_card_line_says_the_day_of_purchase() -> None:
    (decision,) = match([an_invoice()], [a_line()])
    assert "achat du 19/08 dans le libellé" in [sentence(reason) for reason in decision.reasons]


def test_a_label_that_another_supplier_bears_as_well_is_said_to_name_him_perhaps() -> None:
    invoices = [an_invoice(supplier="Ateliers du Port"), an_invoice(id="i2", cents=1, supplier="Ateliers Saint-Roch")]
    (decision,) = match(invoices, [a_line(label="CB ATELIERS 190819")])
    assert decision.state == "suggested"
    assert sentence(decision.reasons[-1]) == f"Pas automatique{NBSP}: le libellé peut nommer un autre fournisseur"


def test_a_suggestion_says_what_held_the_machine_back() -> None:
    decisions = match([an_invoice()], [a_line(), a_line(id="t2")])
    assert {sentence(d.reasons[-1]) for d in decisions} == {f"Pas automatique{NBSP}: deux lignes du même montant"}


def test_as_many_alike_documents_as_lines_are_said_to_be_taken_by_date_and_how_many_they_were() -> None:
    months = [DAY + timedelta(days=days) for days in (0, 30, 60)]
    invoices = [an_invoice(id=f"i{on}", issued_on=on) for on in months]
    lines = [a_line(id=f"t{on}", booked_on=on + timedelta(days=1), label="PRLV BOULANGERIE MARTIN") for on in months]
    said = "trois factures de ce montant chez ce fournisseur, autant de lignes, par ordre de date"
    assert [sentence(decision.reasons[-1]) for decision in match(invoices, lines)] == [said] * 3


def test_purchases_that_each_line_tells_by_its_day_are_not_said_to_be_taken_by_order() -> None:
    invoices = [an_invoice(), an_invoice(id="i2", issued_on=DAY + timedelta(days=2))]
    later = a_line(id="t2", label="CB BOULANGERIE MARTIN 210819", booked_on=DAY + timedelta(days=4))
    decisions = match(invoices, [a_line(), later])
    assert [(decision.state, decision.reasons[-1].code) for decision in decisions] == [("auto", "purchase_date")] * 2


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "payé à l’échéance"), (1, "payé 1 jour après l’échéance"), (-3, "payé 3 jours avant l’échéance")],
)
def test_days_to_the_due_date_are_said_in_number_and_sense(days: int, said: str) -> None:
    assert sentence(Reason("paid_to_due", {"days": days})) == said


@pytest.mark.parametrize("code", sorted(VETOES))
def test_each_veto_has_its_sentence(code: str) -> None:
    assert sentence(Reason(f"not_auto_{code}")) == f"Pas automatique{NBSP}: {VETOES[code]}"


def test_no_sentence_has_a_plain_space_where_french_wants_a_hard_one() -> None:
    values: dict[str, str | int] = {
        "cents": 1,
        "currency": "EUR",
        "days": 2,
        "reference": "A1",
        "supplier": "S",
        "name": "N",
        "last_four": "1234",
        "credits": 1,
        "total": 2,
        "place": "1/2",
        "rate": "1,1",
        "first": "2019-08-19",
        "last": "2019-08-20",
    }
    for code in WORDS:
        said = sentence(Reason(code, values | {"on": "2019-08-19", "count": 2}))
        assert not any(wrong in said for wrong in (" :", " ;", " ?", " !", " €", " %", "« ", " »", "'"))

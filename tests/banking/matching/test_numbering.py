from datetime import timedelta

import pytest

from banking.matching.engine import match
from banking.matching.labels import read_label
from banking.matching.numbering import is_of_one_make, names_others, tells_another
from tests.banking.matching.made import DAY, a_line, an_invoice, pairs


@pytest.mark.parametrize(
    ("number", "label", "is_another"),
    [
        ("FA001828", "VIR SEPA PERRIN FA001799", True),
        ("FA001828", "VIR SEPA PERRIN FACT FA001828", False),
        ("2026-04-950", "VIR SEPA PERRIN 2026-04-731", True),
        ("70001908", "VIR SEPA PERRIN 70001833", True),
        ("70001908", "VIR SEPA PERRIN 31882604", False),
        ("F2026-1839", "VIR SEPA PERRIN FACTURE 1839", False),
        ("F2026-1839", "VIR SEPA PERRIN FACTURE 7720", True),
        ("4224", "PRLV SEPA PERRIN 4193", False),
        ("FA001828", "VIR SEPA PERRIN FACT 12", False),
        ("FA001828", "CB PERRIN FACT 190819", False),
        ("", "VIR SEPA PERRIN FACT FA001799", False),
    ],
)
def test_a_number_of_the_same_make_or_said_to_be_an_invoices_is_anothers(
    number: str, label: str, is_another: bool
) -> None:
    read = read_label(label, DAY)
    assert tells_another(number, read.references, read.documents) is is_another


def test_numbers_of_one_make_have_the_same_letters_and_length() -> None:
    assert is_of_one_make("INV-04046", "INV03975")
    assert not is_of_one_make("INV-04046", "FAC03975")
    assert not is_of_one_make("INV-04046", "INV0397")
    assert not is_of_one_make("INV-04046", "INV04046")


def test_a_line_that_names_an_unpublished_invoice_of_the_supplier_is_left_to_a_person() -> None:
    invoice = an_invoice(number="FA001828", supplier="Studio Joly", due_on=DAY + timedelta(days=30))
    line = a_line(label="VIREMENT POUR STUDIO JOLY FA001799", booked_on=DAY + timedelta(days=30))
    (decision,) = match([invoice], [line])
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_other_number")


def test_a_line_that_bears_a_reference_of_another_make_is_still_matched() -> None:
    invoice = an_invoice(number="FA001828", supplier="Studio Joly")
    assert pairs(match([invoice], [a_line(label="VIREMENT POUR STUDIO JOLY REF 2898100")]), "auto") == [("i1", "t1")]


def test_a_sum_that_lacks_a_number_of_the_label_is_left_to_a_person() -> None:
    invoices = [
        an_invoice(id=f"i{n}", number=f"FC 067{n}", cents=cents, supplier="Meunier Studio")
        for n, cents in ((11, 96_249), (12, 84_586))
    ]
    line = a_line(cents=-180_835, label="VIREMENT POUR MEUNIER STUDIO FC 06711 FC 06712")
    assert len(pairs(match(invoices, [line]), "auto")) == 2
    line = a_line(cents=-180_835, label="VIREMENT POUR MEUNIER STUDIO FC06711 FC06798")
    decision = match(invoices, [line])[0]
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_other_number")
    assert names_others(["FC 06711", "FC 06712"], read_label(line.label, DAY))

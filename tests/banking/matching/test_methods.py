import pytest

from banking.matching.methods import read_method


@pytest.mark.parametrize("label", ["Espèces", "Perso (1234)", "Carte personnelle", "NOTE DE FRAIS"])
def test_money_that_is_not_the_companys_bank_is_told_by_words(label: str) -> None:
    assert read_method(label).is_off_bank


@pytest.mark.parametrize(
    ("label", "last_four"), [("Paiement Pro (1234)", "1234"), ("CB 4417", "4417"), ("Virement", ""), ("", "")]
)
def test_the_last_four_digits_end_the_label(label: str, last_four: str) -> None:
    method = read_method(label)
    assert (method.last_four, method.is_off_bank) == (last_four, False)

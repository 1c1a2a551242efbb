import pytest

from banking.matching.names import WITHIN_MORE, Names, seen_in, told_in


def likeness(supplier: str, label: str, *others: str) -> float:
    core = tuple(label.split())
    return Names([supplier, *others], seen_in([core])).similarity(supplier, core)


@pytest.mark.parametrize(
    ("supplier", "label"),
    [
        ("Kiloutou", "KILOUTOU LILLE"),
        ("SARL Menuiserie Aubry", "MENUISERIE AUBRY"),
        ("Back Market", "BACKMARKET"),
        ("Pépinières de l’Écluse", "PEPINIERES ECLUSE"),
        ("Pépinières de l’Écluse", "PEPINIERES DE L ECLU".replace(" DE L", "")),
        ("Imprimerie Delmas", "IMP DELMAS"),
        ("Interflora", "INTRFLORA"),
        ("Grenke", "GRNK LOCATION"),
    ],
)
def test_a_name_is_found_whole_glued_cut_shortened_or_misspelt(supplier: str, label: str) -> None:
    assert likeness(supplier, label) >= 0.45


@pytest.mark.parametrize(
    ("supplier", "label"),
    [
        ("Kiloutou", "VISTAPRINT"),
        ("Garage du Port", "GARAGE ALPES"),
        ("Hôtel Paris Bercy", "PARIS"),
        ("Boulangerie Martin", ""),
        ("Cabinet Lefort", "CABINET DENTAIRE"),
    ],
)
def test_another_name_is_not_found_nor_a_trade_alone(supplier: str, label: str) -> None:
    assert likeness(supplier, label) < 0.45


def test_a_label_that_tells_another_supplier_better_is_his() -> None:
    core = ("QUINCAILLERIE", "PORT")
    names = Names(["Quincaillerie du Port", "Quincaillerie des Alpes"], seen_in([core]))
    assert names.is_better_told("Quincaillerie des Alpes", core)
    assert not names.is_better_told("Quincaillerie du Port", core)


def test_a_name_that_goes_on_in_the_label_gives_way_to_the_one_that_ends_there() -> None:
    core = ("BOULANGERIE", "MARTINET")
    names = Names(["Boulangerie Martin", "Boulangerie Martinet"], seen_in([core]))
    assert names.is_better_told("Boulangerie Martin", core)
    assert not names.is_better_told("Boulangerie Martinet", core)
    assert names.similarity("Boulangerie Martin", core) == WITHIN_MORE


def test_a_name_that_another_supplier_carries_on_gives_way_where_the_label_carries_on_too() -> None:
    names = Names(["Delmas", "Delmas Énergies et Gaz"], seen_in([("DELMAS", "ENERGIES"), ("DELMAS", "LYON")]))
    assert names.is_better_told("Delmas", ("DELMAS", "ENERGIES"))
    assert not names.is_better_told("Delmas", ("DELMAS", "LYON"))


@pytest.mark.parametrize("core", [("BOULANGERIEMARTIN",), ("CB", "BOULANGERIE", "MARTIN", "LYON")])
def test_a_name_that_ends_with_a_word_of_the_label_is_told_whole(core: tuple[str, ...]) -> None:
    assert Names(["Boulangerie Martin"], seen_in([core])).similarity("Boulangerie Martin", core) == 1.0


def test_a_cut_label_that_tells_two_suppliers_alike_is_nobodys() -> None:
    core = ("ATELIERS",)
    names = Names(["Ateliers du Port", "Ateliers Saint-Roch"], seen_in([core]))
    assert names.is_better_told("Ateliers du Port", core)


def test_the_words_that_tell_are_shown_as_the_bank_wrote_them() -> None:
    assert told_in("Imprimerie Delmas", ("IMP", "DELMAS", "LILLE")) == "IMP DELMAS"
    assert told_in("Imprimerie Delmas", ("DELMAS", "LILLE", "DELMAS")) == "DELMAS"

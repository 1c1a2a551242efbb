"""Small charts, drawn by attributes alone."""

from decimal import Decimal

from firms.templatetags.charts import bar, columns


def test_the_tallest_column_is_the_largest_amount_and_the_others_are_in_proportion():
    drawn = columns(
        "Achats", [("août", "août 2019", Decimal(50), "50,00 €"), ("sept.", "septembre 2019", Decimal(100), "100,00 €")]
    )
    assert 'height="46"' in drawn
    assert 'height="92"' in drawn
    assert "<title>Achats</title>" in drawn


def test_a_negative_column_hangs_from_the_line():
    drawn = columns("Achats", [("août", "août", Decimal(-10), "−10,00 €"), ("mai", "mai", Decimal(10), "10,00 €")])
    assert 'y="48" width="28" height="44" rx="2" class="bar minus"' in drawn


def test_nothing_is_drawn_of_nothing_and_names_are_escaped():
    assert "<rect" not in columns("<b>", [])
    assert "&lt;b&gt;" in columns("<b>", [])
    assert 'height="0"' in columns("Achats", [("mai", "mai", Decimal(0), "0,00 €")])
    assert 'rect width="1"' in bar(Decimal(0), Decimal(0))
    assert 'rect width="32"' in bar(Decimal(-5), Decimal(10))

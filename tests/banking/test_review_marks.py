from hypothesis import given
from hypothesis import strategies as st

from banking.review.marks import marked, told_by


def said(label: str, *words: str) -> list[str]:
    return [piece for piece, is_marked in marked(label, words) if is_marked]


def test_words_are_marked_whatever_their_case_accents_and_signs():
    assert said("CB CAFÉ LEON 2509", "cafe") == ["CAFÉ"]
    assert said("PRLV SEPA ORANGE FA 006834", "FA006834") == ["FA 006834"]
    assert said("TOTAL4127851 PARIS", "TOTAL") == ["TOTAL"]
    assert said("VIR PORANGE", "ORANGE") == []


def test_short_words_and_unknown_values_mark_nothing():
    reasons = [{"code": "name", "values": {"name": "LA FOLIE"}}, {"code": "amount_equal"}, {"code": "x", "values": {}}]
    assert told_by(reasons) == ["FOLIE"]


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_the_pieces_are_the_label(label: str, words: list[str]):
    assert "".join(piece for piece, _ in marked(label, words)) == label

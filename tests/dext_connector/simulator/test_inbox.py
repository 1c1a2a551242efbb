"""The inbox is drawn as the contract draws it, and an item says what it lacks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.simulator.inbox import Standing, UnreadableAmount, dext_amount, missing, read_amount, row_of
from dext_connector.simulator.samples import starting_items

ACCOUNTS = [{"code": "62570000", "label": "Réceptions"}]


def drawn(generation: int = 1):
    return [row_of(entry, ACCOUNTS) for entry in starting_items(generation=generation)]


def test_the_inbox_starts_as_the_contract_draws_it():
    cells = [(row.date, row.supplier, row.total, row.vat, row.payment, row.match, row.account) for row in drawn()]
    assert cells == [
        ("19-Aug-19", "Franprix", "EUR 5,76", "0,61", "Paiement Pro (1234)", "-", "—"),
        ("25-Sep-19", "Starbucks", "EUR 4,85", "0,44", "Paiement Pro (1234)", "-", "62570000 - Réceptions"),
        ("20-Sep-19", "La Folie Du Pain", "EUR 14,10", "1,28", "Paiement Pro (1234)", "-", "62570000 - Réceptions"),
    ]
    assert [row.standing for row in drawn()] == [Standing.NOT_READY, Standing.READY, Standing.NOT_READY]


def test_an_item_that_is_not_ready_says_why():
    franprix, _, folie = drawn()
    assert franprix.why == "Il manque le compte de charge."
    assert folie.why == "La somme des lignes (14,00) diffère du total (14,10)."


def test_a_reset_gives_fresh_references():
    first, second = ({row.external_id for row in drawn(generation)} for generation in (1, 2))
    assert first.isdisjoint(second)


def test_the_sentence_of_a_refusal_stays_until_a_publish_succeeds():
    entry = starting_items(generation=1)[1] | {"problem": "Le compte 62570000 est archivé."}
    row = row_of(entry, ACCOUNTS)
    assert (row.standing, row.why) == (Standing.REFUSED, "Le compte 62570000 est archivé.")
    published = row_of(entry | {"problem": None, "answer": {"web_url": "http://meg/x", "match": None}}, ACCOUNTS)
    assert (published.standing, published.web_url) == (Standing.PUBLISHED, "http://meg/x")


def test_a_line_without_an_account_counts_where_the_item_has_none():
    item = {"total": "3.00", "lines": [{"total": "1.00", "account": "60630000"}, {"total": "2.00"}]}
    assert missing(item) == ["Il manque le compte de charge."]
    item["lines"][1]["account"] = "60630000"
    assert missing(item) == []


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_is_read_as_it_is_written(amount: Decimal):
    assert Decimal(read_amount(dext_amount(amount))) == amount


@pytest.mark.parametrize("text", ["", "x", "-1", "1,234", "NaN", "Infinity", "1e400"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(UnreadableAmount):
        read_amount(text)


@pytest.mark.parametrize(("text", "amount"), [("4,60", "4.60"), ("1\u00a0234,5 €", "1234.50"), (" 4.6 ", "4.60")])
def test_an_amount_is_read_as_people_type_it(text, amount):
    assert read_amount(text) == amount

"""Sums: what pays several documents, what several lines pay, and when the machine leaves it to a person."""

from datetime import date, timedelta

import pytest

from banking.matching.engine import match
from banking.matching.facts import Decision, InvoiceFact, Memory, Policy
from banking.matching.reasons import sentence
from tests.banking.matching.made import DAY, a_line, an_invoice, pairs

NBSP = "\u00a0"


def documents(*cents: int, **given) -> list[InvoiceFact]:
    return [
        an_invoice(id=f"i{place}", cents=amount, issued_on=DAY + timedelta(days=3 * place), **given)
        for place, amount in enumerate(cents)
    ]


def payment(cents: int, **given):
    return a_line(
        **{"cents": -cents, "label": "VIR SEPA BOULANGERIE MARTIN", "booked_on": DAY + timedelta(days=30)} | given
    )


def said(decision: Decision) -> list[str]:
    return [sentence(reason) for reason in decision.reasons]


def test_one_transfer_pays_all_that_is_open_of_its_supplier():
    (decision,) = match(documents(12_317, 8_841, 30_009), [payment(51_167)])
    assert (decision.state, decision.invoice_ids) == ("auto", ("i0", "i1", "i2"))
    assert said(decision) == [
        "Somme de trois factures identique au centime",
        f"«{NBSP}BOULANGERIE MARTIN{NBSP}» dans le libellé",
        "toutes les factures ouvertes de ce tiers (3)",
    ]


def test_a_credit_note_is_deducted_and_counts_against_the_line():
    (decision,) = match(documents(119_154, -35_110), [payment(84_044)])
    assert [(part.cents, part.invoice_cents) for part in decision.parts] == [(119_154, 119_154), (-35_110, 35_110)]
    assert said(decision)[0] == f"Somme identique au centime{NBSP}: 1 facture, moins 1 avoir"


def test_a_sum_among_the_documents_of_another_supplier_is_no_match():
    assert match(documents(12_317, 8_841, supplier="Kiloutou"), [payment(21_158)]) == []


def test_two_sums_of_the_same_kind_are_suggestions():
    decisions = match(documents(12_300, 8_800, 12_300, 8_800), [payment(21_100)])
    assert {decision.state for decision in decisions} == {"suggested"}
    assert any("ensembles" in words for words in said(decisions[0]))


def test_a_sum_that_two_lines_pay_alike_says_why_it_is_left_to_a_person():
    decisions = match(documents(12_317, 8_841), [payment(21_158), payment(21_158, id="t2")])
    assert {(d.state, d.reasons[-1].code) for d in decisions} == {("suggested", "not_auto_contested")}


def test_a_document_of_the_same_amount_outside_leaves_a_sum_to_a_person():
    amounts = {"i1": (48_634, 0), "i2": (33_711, 1), "i3": (5_017, 9), "i4": (7_029, 14), "i5": (48_634, 40)}
    invoices = [an_invoice(id=i, cents=c, issued_on=DAY + timedelta(days=d)) for i, (c, d) in amounts.items()]
    line = a_line(cents=-82_345, label="VIR SEPA BOULANGERIE MARTIN", booked_on=DAY + timedelta(days=42))
    assert len(pairs(match(invoices[:4], [line]), "auto")) == 2
    best = match(invoices, [line])[0]
    assert (best.state, best.reasons[-1].code) == ("suggested", "not_auto_twin")


def test_a_sum_that_accident_explains_is_a_suggestion():
    many = documents(*(100 * (7 + 3 * place) for place in range(14)))
    decisions = match(many, [payment(1_000 + 3_700 + 4_600)])
    assert {decision.state for decision in decisions} == {"suggested"}


@pytest.mark.parametrize(("apart", "state"), [(15, "auto"), (16, "suggested")])
def test_documents_picked_from_more_than_a_month_are_a_suggestion_however_rare_their_sum(apart, state):
    chosen, passed_over = (412_317, 108_841), 77_777
    able = [
        an_invoice(id=f"i{place}", cents=cents, issued_on=DAY + timedelta(days=place * apart + place // 2))
        for place, cents in enumerate((chosen[0], passed_over, chosen[1]))
    ]
    decisions = match(able, [payment(sum(chosen), booked_on=DAY + timedelta(days=40))])
    assert [(d.state, d.invoice_ids) for d in decisions] == [(state, ("i0", "i2"))]


def test_all_that_is_open_is_paid_at_once_however_old():
    able = [
        an_invoice(id=f"i{n}", cents=cents, issued_on=DAY + timedelta(days=45 * n))
        for n, cents in ((0, 412_317), (1, 108_841))
    ]
    assert pairs(match(able, [payment(521_158, booked_on=DAY + timedelta(days=60))]), "auto") == [
        ("i0", "t1"),
        ("i1", "t1"),
    ]


def test_numbers_in_the_label_make_any_sum_sure():
    many = [
        an_invoice(id=f"i{place}", cents=1_000 * (place + 1), number=f"FA40{place:03d}", issued_on=DAY)
        for place in range(12)
    ]
    line = payment(1_000 + 5_000, label="VIR SEPA BOULANGERIE MARTIN FA40000 FA40004")
    assert pairs(match(many, [line]), "auto") == [("i0", "t1"), ("i4", "t1")]


@pytest.mark.parametrize("veto", ["duplicate", "partial"])
def test_one_vetoed_document_leaves_its_sum_to_a_person(veto):
    first, second = documents(12_317, 8_841)
    decisions = match([first, an_invoice(id="i1", cents=8_841, vetoes=frozenset({veto}))], [payment(21_158)])
    assert [decision.state for decision in decisions] == ["suggested"]
    assert decisions[0].invoice_ids == (first.id, second.id)


def test_the_policy_and_refusals_hold_for_sums():
    invoices, line = documents(12_317, 8_841), payment(21_158)
    assert not pairs(match(invoices, [line], policy=Policy(caps_cents={"a1": 10_000})), "auto")
    assert not pairs(match(invoices, [line], policy=Policy(accounts_without_auto=frozenset({"a1"}))), "auto")
    assert match(invoices, [line], Memory(refused=frozenset({("i0", "t1")}))) == []


def test_what_a_person_advanced_is_refunded_in_one_transfer():
    shops = [("Esso", 6_013), ("Starbucks", 1_927), ("Fnac", 24_899)]
    claimed = [
        an_invoice(id=f"i{place}", cents=cents, supplier=shop, payer="DUPUIS", is_off_bank=True)
        for place, (shop, cents) in enumerate(shops)
    ]
    line = payment(32_839, label="VIR DUPUIS REMBT FRAIS")
    assert len(pairs(match(claimed, [line]), "auto")) == 3
    assert match(claimed, [payment(32_839, label="VIR LAMBERT REMBT FRAIS")]) == []


def test_instalments_that_name_the_document_and_make_its_total_pay_it():
    invoice = an_invoice(cents=90_000, number="FA006834")
    lines = [
        payment(30_000, id=f"t{n}", label=f"VIR MARTIN FA006834 {n}/3", booked_on=DAY + timedelta(days=30 * n))
        for n in (1, 2, 3)
    ]
    (decision,) = match([invoice], lines)
    assert (decision.state, len(decision.parts)) == ("auto", 3)
    decisions = match([invoice], lines[:2])
    assert [d.state for d in decisions] == ["suggested"] * 2
    assert f"Versement 1/3 de 300,00{NBSP}€ sur 900,00{NBSP}€" in said(decisions[0])


def test_parcels_of_one_order_are_suggested_together():
    lines = [
        a_line(id=f"t{n}", cents=-cents, label="CB BOULANGERIE MARTIN 200819", booked_on=DAY + timedelta(days=n))
        for n, cents in enumerate((3_394, 7_335))
    ]
    (decision,) = match([an_invoice(cents=10_729)], lines)
    assert (decision.state, decision.transaction_ids) == ("suggested", ("t0", "t1"))


@pytest.mark.parametrize(("paid", "words"), [(260_478, "moins"), (260_482, "plus"), (253_000, "moins")])
def test_a_small_difference_is_matched_where_the_number_stands_and_the_rest_stays_open(paid, words):
    invoice = an_invoice(cents=260_480, number="F2025-84934")
    (decision,) = match([invoice], [payment(paid, label="VIREMENT IMP MART F2025-84934")])
    assert decision.state == "auto"
    assert decision.parts[0].cents == min(paid, 260_480)
    assert f"de {words} que la facture" in said(decision)[0]


def test_a_large_difference_is_none():
    invoice = an_invoice(cents=260_480, number="F2025-84934")
    assert match([invoice], [payment(270_478, label="VIREMENT IMP MART F2025-84934")]) == []


def test_a_month_of_a_deferred_card_is_its_line_and_a_gap_is_said():
    bought = [
        an_invoice(
            id=f"i{n}",
            cents=cents,
            supplier=f"Commerce {n}",
            issued_on=date(2019, 8, 3 + n),
            method_last_four="5520",
            is_deferred=True,
        )
        for n, cents in enumerate((3_710, 3_590, 1_823))
    ]
    line = payment(9_123, label="DEBIT DIFFERE CARTE 5520 08/2019", booked_on=date(2019, 9, 4))
    assert len(pairs(match(bought, [line]), "auto")) == 3
    (decision,) = match(bought[:2], [line])
    assert decision.state == "suggested"
    assert said(decision)[-1] == f"Pas automatique{NBSP}: il manque 18,23{NBSP}€ de justificatifs"


def test_an_order_of_several_transfers_is_suggested_by_its_count():
    owed = [
        an_invoice(id=f"i{n}", cents=cents, supplier=f"Société {n}", due_on=DAY + timedelta(days=30))
        for n, cents in enumerate((235_030, 8_550, 45_472))
    ]
    (decision,) = match(owed, [payment(289_052, label="VIR SEPA EMIS REMISE 704942 3 OPERATIONS")])
    assert (decision.state, len(decision.parts)) == ("suggested", 3)


def test_a_foreign_amount_without_its_rate_is_suggested_by_name_and_day():
    invoice = an_invoice(cents=32_823, currency="USD", supplier="Notion Labs Inc")
    line = a_line(cents=-29_950, label="CB NOTION LABS INC FACT 190819")
    (decision,) = match([invoice], [line])
    assert (decision.state, decision.parts[0].cents, decision.parts[0].invoice_cents) == ("suggested", 29_950, 32_823)


def test_day_and_month_in_the_other_order_are_suggested():
    invoice = an_invoice(issued_on=date(2019, 9, 3), cents=1_095)
    line = a_line(cents=-1_095, label="CB BOULANGERIE MARTIN 090319", booked_on=date(2019, 3, 10))
    (decision,) = match([invoice], [line])
    assert (decision.state, said(decision)[-1]) == (
        "suggested",
        f"Pas automatique{NBSP}: la date de la facture est à vérifier",
    )

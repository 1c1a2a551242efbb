from datetime import date

import pytest

from banking.matching.labels import read_label

BOOKED = date(2026, 11, 6)


def core(label: str) -> str:
    return read_label(label, BOOKED).core


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("CARTE 04/11 LE BISTROT", "card"),
        ("PAIEMENT PAR CARTE X4912 LE BISTROT", "card"),
        ("FACTURE CARTE DU 041126 LE BISTROT", "card"),
        ("PRLV SEPA EDF", "debit"),
        ("Prélèvement européen de EDF", "debit"),
        ("VIR INST MENUISERIE", "transfer"),
        ("VIREMENT EN VOTRE FAVEUR", "transfer"),
        ("CHQ 1234567", "cheque"),
        ("LCR DOMICILIEE", "draft"),
        ("REJET PRLV SEPA EDF", "return"),
        ("RETRAIT DAB CARTE X4912", "withdrawal"),
        ("F COTIS EUROCOMPTE", "fee"),
        ("Sumup *Le Bistrot", "card"),
        ("UBER *TRIP", "card"),
        ("VIR SEPA SUMUP *BISTROT", "transfer"),
        ("KILOUTOU LILLE", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_operation_is_read_from_the_words_of_the_trade(label: str, kind: str) -> None:
    assert read_label(label, BOOKED).kind == kind


@pytest.mark.parametrize(
    "label",
    [
        "CARTE 04/11/26 LE BISTROT CB*1234",
        "PAIEMENT PAR CARTE X4912 LE BISTROT 04/11",
        "FACTURE CARTE DU 041126 LE BISTROT CARTE 4974XXXXXXXX1234",
        "CB SUMUP *BISTROT 04.11.26",
        "PRLV SEPA BISTROT ECH/061126 ID EMETTEUR/FR47EDF001007 MDT/MM9760 REF/NOTPROVIDED",
        "VIR INST VERS BISTROT MOTIF: FACTURE 20260042",
    ],
)
def test_the_core_is_the_name_without_what_a_bank_puts_around_it(label: str) -> None:
    assert core(label) == "BISTROT"


@pytest.mark.parametrize(
    "label", ["CHEQUE 0012452", "PRLV SEPA PAYPAL EUROPE S.A.R.L. ET CIE 7895268033", "LCR ECH 311026 34797"]
)
def test_a_label_that_names_nobody_has_no_core(label: str) -> None:
    assert core(label) == ""


@pytest.mark.parametrize(
    "label", ["CB BISTROT 0411", "CARTE 04/11 BISTROT", "PAIEMENT CB 041126 BISTROT", "BISTROT 04.11.2026"]
)
def test_the_date_of_purchase_is_read_in_whatever_form(label: str) -> None:
    assert read_label(label, BOOKED).purchased_on == date(2026, 11, 4)


def test_a_purchase_of_december_booked_in_january_is_last_years() -> None:
    assert read_label("CARTE 30/12 BISTROT", date(2027, 1, 2)).purchased_on == date(2026, 12, 30)


@pytest.mark.parametrize("label", ["CB FRANPRIX 4021", "CB METRO 0312", "CB BISTROT 99/99", "CB BISTROT 01/01/2019"])
def test_digits_that_cannot_be_a_recent_date_are_none(label: str) -> None:
    assert read_label(label, BOOKED).purchased_on is None


def test_a_debits_due_date_is_no_date_of_purchase() -> None:
    assert read_label("PRLV SEPA EDF ECH/041126", BOOKED).purchased_on is None


@pytest.mark.parametrize(
    "label", ["CARTE X4912 BISTROT", "BISTROT CB*4912", "FACTURE CARTE BISTROT CARTE 4974XXXXXXXX4912"]
)
def test_the_last_four_digits_of_the_card_are_read(label: str) -> None:
    assert read_label(f"CB {label}", BOOKED).last_four == "4912"


def test_a_shop_number_glued_to_a_name_is_no_card() -> None:
    read = read_label("CB MONOPRIX0512 FACT 041126", BOOKED)
    assert (read.last_four, read.core) == ("", "MONOPRIX")


def test_the_creditor_identifier_is_read_and_is_no_reference() -> None:
    read = read_label("PRELEVEMENT EUROPEEN 111 DE: EDF ID: FR47EDF001007 MOTIF: FAC 2026-0042", BOOKED)
    assert read.creditor == "FR47EDF001007"
    assert "FR47EDF001007" not in read.references
    assert "20260042" in read.references


def test_an_invoice_number_is_no_creditor() -> None:
    assert read_label("VIR MARTIN FA20250000123", BOOKED).creditor == ""


@pytest.mark.parametrize(
    ("label", "cents"),
    [
        ("CB HOSTING 1 031,30 USD", 103130),
        ("CB HOSTING 1.031,30USD", 103130),
        ("CB HOSTING 1031,30 USD", 103130),
        ("CB HOSTING 190819 120,00 USD", 12000),
        ("CB HOSTING 2509 120,00 USD", 12000),
        ("CB HOSTING 25/09 120,00 USD", 12000),
        ("CB HOSTING 0411 1 120,00 USD", 112000),
        ("CB HOSTING 0,99 USD", 99),
    ],
)
def test_the_amount_in_a_foreign_currency_is_read_and_no_date_with_it(label: str, cents: int) -> None:
    assert read_label(label, BOOKED).foreign == (cents, "USD")


def test_who_carries_the_payment_is_not_the_name() -> None:
    read = read_label("CB ZETTLE *ATELIER 0411", BOOKED)
    assert (read.carrier, read.core) == ("ZETTLE", "ATELIER")


@pytest.mark.parametrize(
    ("label", "last_four"),
    [
        ("ACHAT CB BISTROT 04.11.26 CARTE NO 766", "766"),
        ("ACHAT CB BISTROT CARTE NUMERO 766", "766"),
        ("ACHAT CB BISTROT CARTE X4912", "4912"),
        ("ACHAT CB BISTROT 766", ""),
    ],
)
def test_a_card_is_told_by_four_digits_or_by_three(label: str, last_four: str) -> None:
    assert read_label(label, BOOKED).last_four == last_four


def test_what_stands_behind_facture_is_a_documents_number_unless_it_is_a_date() -> None:
    assert read_label("VIR MARTIN FACTURE N° 2026-118", BOOKED).documents == {"2026-118"}
    assert read_label("VIR MARTIN FACT FA001799", BOOKED).documents == {"FA001799"}
    assert read_label("CB MARTIN FACT 041126", BOOKED).documents == frozenset()
    assert read_label("VIR MARTIN FACT 2/4", BOOKED).documents == frozenset()

"""What is known of a document becomes an item of the contract, and no amount is invented."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.simulator.truth import NoItem, item_of, reference

E_INVOICE = {
    "number": "F20260023",
    "type_code": "380",
    "date": "20260131",
    "due_date": "20260302",
    "seller": "LE FOURNISSEUR",
    "seller_legal_id": "999 999 998 00010",
    "seller_vat": "FR11123456782",
    "currency": "EUR",
    "total_ht": "100.00",
    "total_tva": "4.90",
    "total_ttc": "104.90",
    "vat": [{"rate": "20.00", "category": "S", "base": "11.00", "tax": "2.20"}],
}


def test_an_e_invoice_becomes_an_item_with_its_vat_as_printed():
    assert item_of(E_INVOICE, "facturx.F20260023") == {
        "external_id": "facturx.F20260023",
        "type": "invoice",
        "date": "2026-01-31",
        "due_date": "2026-03-02",
        "reference": "F20260023",
        "supplier": {"name": "LE FOURNISSEUR", "siren": "999999998", "vat_number": "FR11123456782"},
        "currency": "EUR",
        "total": "104.90",
        "vat_amount": "4.90",
        "net": "100.00",
        "vat_breakdown": [{"rate": "20.00", "base": "11.00", "amount": "2.20"}],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"type_code": "381"},
        {"total_ttc": "-104.90", "total_tva": "-4.90", "total_ht": "-100.00"},
        {"type_code": "381", "total_ttc": "-104.90", "total_tva": "-4.90", "total_ht": "-100.00"},
    ],
)
def test_a_credit_note_is_positive_however_it_was_written(changes):
    item = item_of(E_INVOICE | changes, "avoir")
    assert (item["type"], item["total"], item["vat_amount"], item["net"]) == ("credit_note", "104.90", "4.90", "100.00")


def test_a_vat_that_was_not_extracted_stays_absent():
    item = item_of([{"issuer": "Coolblue B.V.", "amount": Decimal("717.97"), "amount_untaxed": Decimal("593.36")}], "x")
    assert "vat_amount" not in item
    assert (item["total"], item["net"]) == ("717.97", "593.36")


def test_an_invoice_without_a_currency_takes_that_of_its_symbol():
    assert (
        item_of({"issuer": "Azure Interior", "amount": Decimal("279.84"), "currency_symbol": "$"}, "x")["currency"]
        == "USD"
    )


def test_a_row_of_the_truth_of_receipts_is_a_receipt():
    item = item_of({"merchant": "aldi", "date": "2020-04-18", "total": "8.83"}, "softmatic.aldi")
    assert (item["type"], item["supplier"], item["total"]) == ("receipt", {"name": "Aldi"}, "8.83")


def test_an_item_of_the_contract_is_left_as_it_is():
    item = {"external_id": "RB-1", "type": "receipt", "supplier": {"name": "Franprix"}, "total": "5.76", "unknown": 1}
    assert item_of(item, "whatever") == item


def test_data_that_describe_no_document_are_refused_by_name():
    with pytest.raises(NoItem, match="fournisseur"):
        item_of({"hello": 1}, "x")
    with pytest.raises(NoItem):
        item_of([1, 2], "x")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_passes_to_the_cent(amount):
    read = json.loads(json.dumps({"issuer": "A", "amount": float("0")}), parse_float=Decimal)
    read["amount"] = Decimal(str(amount))
    assert Decimal(item_of(read, "x")["total"]) == amount


@given(st.text())
def test_a_reference_is_one_that_the_contract_takes(name):
    assert re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", reference(name))

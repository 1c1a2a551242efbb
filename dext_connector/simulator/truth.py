"""Dext's extraction, played: what is known of a document, in whatever words, becomes an item of the contract. Pure.

Three vocabularies besides the contract's own: e-invoices (`seller`, `total_ttc`), invoice2data (`issuer`, `amount`)
and a till receipt's row (`merchant`, `total`). An amount that is not there stays absent: nothing is computed.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

CREDIT_NOTE_CODES = {"381", "261", "262", "396", "502", "503"}
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "₹": "INR"}
_NOT_IN_A_REFERENCE = re.compile(r"[^A-Za-z0-9._:-]+")
_PACKED_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


class NoItem(Exception):
    """Data of which no item can be made. The message says what is missing."""


def item_of(truth: Any, name: str) -> dict[str, Any]:
    """The item that Dext would publish for the document called `name`. Raises NoItem.

    Numbers must have been read as Decimal (`json.loads(…, parse_float=Decimal)`): an amount never passes by a float.
    """
    if isinstance(truth, list) and len(truth) == 1:
        truth = truth[0]
    if not isinstance(truth, Mapping):
        raise NoItem("les données ne décrivent pas un document")
    for key, read in (("seller", _of_e_invoice), ("issuer", _of_invoice2data), ("merchant", _of_till_receipt)):
        if key in truth:
            return {"external_id": reference(name), **_present(_with_sense(read(truth)))}
    if "supplier" not in truth:
        raise NoItem("ni fournisseur, ni vendeur, ni commerçant dans les données")
    item = dict(truth)
    return {**item, "external_id": item.get("external_id") or reference(name)}


def reference(name: str) -> str:
    """`name` as a Dext reference: 1 to 128 of `[A-Za-z0-9._:-]`, the same at each run."""
    return _NOT_IN_A_REFERENCE.sub("-", name).strip("-")[-128:] or "document"


def _of_e_invoice(truth: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "credit_note" if str(truth.get("type_code")) in CREDIT_NOTE_CODES else "invoice",
        "date": _date(truth.get("date")),
        "due_date": _date(truth.get("due_date")),
        "reference": truth.get("number"),
        "supplier": _supplier(truth["seller"], truth.get("seller_legal_id"), truth.get("seller_vat")),
        "currency": truth.get("currency") or "EUR",
        "total": _amount(truth.get("total_ttc")),
        "vat_amount": _amount(truth.get("total_tva")),
        "net": _amount(truth.get("total_ht")),
        "vat_breakdown": [
            {"rate": _amount(part["rate"]), "base": _amount(part["base"]), "amount": _amount(part["tax"])}
            for part in truth.get("vat") or ()
        ],
    }


def _of_invoice2data(truth: Mapping[str, Any]) -> dict[str, Any]:
    method = truth.get("payment_method")
    return {
        "type": "invoice",
        "date": _date(truth.get("date")),
        "due_date": _date(truth.get("date_due")),
        "reference": truth.get("invoice_number"),
        "supplier": _supplier(
            truth.get("partner_name") or truth["issuer"], None, truth.get("vat") or truth.get("static_vat")
        ),
        "currency": truth.get("currency") or SYMBOLS.get(truth.get("currency_symbol") or "", "EUR"),
        "total": _amount(truth.get("amount")),
        "vat_amount": _amount(truth.get("amount_tax")),
        "net": _amount(truth.get("amount_untaxed")),
        "payment_method": {"label": method} if method else None,
    }


def _of_till_receipt(truth: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "receipt",
        "date": _date(truth.get("date")),
        "supplier": {"name": str(truth["merchant"]).title()},
        "currency": "EUR",
        "total": _amount(truth.get("total")),
        "vat_amount": _amount(truth.get("vat")),
    }


def _with_sense(item: dict[str, Any]) -> dict[str, Any]:
    """Amounts are positive and the type says the sense: a negative invoice is a credit note (Factur-X writes both)."""
    if not (item.get("total") or "").startswith("-"):
        return item
    item = {**item, "type": "credit_note"}
    for key in ("total", "vat_amount", "net"):
        item[key] = _unsigned(item.get(key))
    item["vat_breakdown"] = [
        {**part, "base": _unsigned(part["base"]), "amount": _unsigned(part["amount"])}
        for part in item.get("vat_breakdown") or ()
    ]
    return item


def _unsigned(amount: str | None) -> str | None:
    return amount and amount.removeprefix("-")


def _present(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if value not in (None, "", [])}


def _supplier(name: str, legal_id: str | None, vat_number: str | None) -> dict[str, str]:
    """A SIRET begins with its SIREN."""
    siren = re.sub(r"\s", "", legal_id or "")[:9]
    return _present({"name": name.strip(), "siren": siren, "vat_number": re.sub(r"\s", "", vat_number or "")})


def _amount(value: Any) -> str | None:
    """A decimal string of the contract, two decimals at least; None for what is missing or no number."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    exponent = amount.as_tuple().exponent
    return f"{amount:.2f}" if isinstance(exponent, int) and exponent > -2 else f"{amount:f}"


def _date(value: Any) -> str | None:
    """« 20260131 » or « 2026-01-31 » as ISO 8601; another text goes as it is, for MEG to refuse."""
    if found := _PACKED_DATE.fullmatch(str(value or "").strip()):
        return "-".join(found.groups())
    return value or None

"""A published item: Dext's JSON → `PublishedItem`. Pure. Unknown fields are left alone: the inbox keeps them."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from dext_connector.payloads import Fault, NamedPayment, NamedSupplier, PublishedItem, PublishedLine, Refused
from dext_connector.serializers.addresses import read_address
from dext_connector.serializers.reading import Reader

KINDS = ("invoice", "credit_note", "receipt")
EXTERNAL_ID = r"[A-Za-z0-9._:-]{1,128}"
CURRENCY = r"[A-Z]{3}"
CURRENCY_FORM = "écrire les trois lettres de la devise, par exemple EUR"
MOST_LINES = 500


class ReasonRefused(Refused):
    """A withdrawal says why."""


def read_item(data: dict) -> PublishedItem:
    """The item with, as `faults`, everything that could not be read."""
    faults: list[Fault] = []
    body = Reader(data, faults)
    fields: dict[str, Any] = {
        "external_id": _external_id(body),
        "kind": body.one_of("type", KINDS, is_required=True) or KINDS[0],
        "issued_on": body.day("date", is_required=True) or date.min,
        "due_on": body.day("due_date"),
        "reference": body.text("reference", longest=100),
        "supplier": named_supplier(body),
        "account": body.text("account", longest=20),
        "vat_code": body.text("vat_code", longest=20),
        "lines": tuple(_line(line) for line in body.objects("lines", most=MOST_LINES)),
    }
    fields |= _amounts(body) | _payment(body) | _words(body)
    return PublishedItem(**fields, faults=tuple(faults))


def read_item_at(external_id: str, data: dict) -> PublishedItem:
    """As `read_item`, of a body whose address names the item: it need not say so again, but must not say otherwise."""
    item = read_item({"external_id": external_id} | {name: value for name, value in data.items() if value is not None})
    if data.get("external_id") in (None, external_id):  # a list has no hash
        return item
    words = f"Référence Dext\u00a0: «\u00a0{item.external_id}\u00a0» n’est pas celle de l’adresse appelée."
    fault = Fault(code="invalid", pointer="/external_id", value=item.external_id, message=words)
    return replace(item, faults=(*item.faults, fault))


@dataclass(frozen=True)
class Glance:
    """What a list shows of an item, however wrong it may be."""

    supplier: str = ""
    total: Decimal | None = None
    currency: str = ""
    reference: str = ""


def glance_at(data: Any) -> Glance:
    if not isinstance(data, dict):
        return Glance()
    item = read_item(data)
    total = None if any(fault.pointer == "/total" for fault in item.faults) else item.total
    return Glance(item.supplier.name, total, item.currency or "EUR", item.reference)


def external_id_of(data: dict) -> str:
    """What the inbox shows of an item that may be unreadable."""
    value = data.get("external_id")
    return value[:128] if isinstance(value, str) else ""


def read_reason(data: dict) -> str:
    """Why an item is withdrawn. Raises ReasonRefused."""
    faults: list[Fault] = []
    reason = Reader(data, faults).text("reason", longest=200, is_required=True)
    if faults:
        raise ReasonRefused(faults)
    return reason


def _external_id(body: Reader) -> str:
    form = "n’employer que lettres sans accent, chiffres et . _ : -"
    return body.text("external_id", longest=128, is_required=True, pattern=EXTERNAL_ID, form=form, keep=True)


def named_supplier(body: Reader) -> NamedSupplier:
    supplier = body.object("supplier", is_required=True)
    if supplier is None:
        return NamedSupplier()
    known = supplier.text("id", longest=40)
    return NamedSupplier(
        id=known,
        name=supplier.text("name", longest=200, is_required=not known),
        siren=supplier.text("siren", longest=20),
        vat_number=supplier.text("vat_number", longest=20),
    )


def _amounts(body: Reader) -> dict[str, Any]:
    return {
        "currency": body.text("currency", longest=3, is_required=True, pattern=CURRENCY, form=CURRENCY_FORM),
        "total": body.amount("total", is_required=True) or Decimal(0),
        "vat_amount": body.amount("vat_amount", is_signed=False),
        "net": body.amount("net", is_signed=False),
        "vat_breakdown": tuple(_share(share) for share in body.objects("vat_breakdown", most=20)),
        "base_currency": body.text("base_currency", longest=3, pattern=CURRENCY, form=CURRENCY_FORM),
        "base_total": body.amount("base_total", is_signed=False),
        "exchange_rate": body.amount("exchange_rate", places=8, digits=10, is_signed=False),
    }


def _share(share: Reader) -> dict[str, str]:
    """One row of the printed VAT table, as it came."""
    amounts = {"rate": share.amount("rate", digits=3), "base": share.amount("base"), "amount": share.amount("amount")}
    return {key: str(amount) for key, amount in amounts.items() if amount is not None}


def _line(line: Reader) -> PublishedLine:
    return PublishedLine(
        label=line.text("label", longest=300),
        account=line.text("account", longest=20),
        vat_code=line.text("vat_code", longest=20),
        net=line.amount("net"),
        vat_amount=line.amount("vat_amount"),
        total=line.amount("total"),
        quantity=line.amount("quantity", places=4, digits=10),
        unit_price=line.amount("unit_price", places=6, digits=10),
    )


def _payment(body: Reader) -> dict[str, Any]:
    owner = body.object("owner")
    return {
        "payment": named_payment(body),
        "owner_name": owner.text("name", longest=120) if owner else "",
        "owner_email": owner.text("email", longest=254) if owner else "",
        "is_paid": body.optional_flag("paid"),
        "paid_on": body.day("payment_date"),
    }


def named_payment(body: Reader) -> NamedPayment:
    method = body.object("payment_method")
    if method is None:
        return NamedPayment()
    known = method.text("id", longest=40)
    return NamedPayment(id=known, label=method.text("label", longest=80, is_required=not known))


def _words(body: Reader) -> dict[str, Any]:
    body.flag("auto_published")
    return {
        "description": body.text("description", longest=500),
        "note": body.text("note", longest=10_000),
        "source_url": body.text(
            "source_url", longest=500, pattern=r"https?://\S+", form="écrire une adresse qui commence par https://"
        ),
        "document_url": read_address(body, "document_url"),
        "credited_reference": body.text("credited_reference", longest=100),
        "allow_duplicate": body.flag("allow_duplicate"),
    }

"""Where an item is silent, the live rule of its supplier speaks. Nothing that came is replaced."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from achats.models import Kind, SupplierRule
from dext_connector.payloads import PublishedItem
from dext_connector.resolving import Rows


def speak_for(
    item: PublishedItem, rows: Rows, rule: SupplierRule | None
) -> tuple[PublishedItem, Rows, tuple[str, ...]]:
    """The item and its rows with what the rule says, and the names of the fields of the purchase that it gave.

    Accounts and VAT codes are the lines' own matter. A credit note has no due date, and nobody pays it.
    """
    if rule is None:
        return item, rows, ()
    said: dict[str, Any] = {}
    if not item.description and rule.description:
        said["description"] = rule.description
    if item.kind != Kind.CREDIT_NOTE:
        if item.due_on is None and rule.due_days is not None:
            said["due_on"] = item.issued_on + timedelta(days=rule.due_days)
        if item.is_paid is None and rule.is_paid:
            said["is_paid"] = True
    method = rule.payment_method if _names_no_method(item, rows) else None
    if method is not None and method.is_active:
        return replace(item, **said), replace(rows, payment_method=method), (*said, "payment_method")
    return replace(item, **said), rows, tuple(said)


def _names_no_method(item: PublishedItem, rows: Rows) -> bool:
    return rows.payment_method is None and not item.payment.id and not item.payment.label

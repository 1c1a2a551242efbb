"""Facts with defaults, for tests that name only what matters to them."""

from datetime import date, timedelta
from typing import Any

from banking.matching.facts import Decision, InvoiceFact, TransactionFact
from banking.matching.labels import fold

DAY = date(2019, 8, 19)


def an_invoice(**given: Any) -> InvoiceFact:
    values: dict[str, Any] = {"id": "i1", "issued_on": DAY, "cents": 174_354, "supplier": "Boulangerie Martin"} | given
    values.setdefault("supplier_key", fold(values["supplier"]))
    return InvoiceFact(**values)


def a_line(**given: Any) -> TransactionFact:
    values: dict[str, Any] = {"id": "t1", "account_id": "a1", "booked_on": DAY + timedelta(days=2), "cents": -174_354}
    return TransactionFact(**(values | {"label": "CB BOULANGERIE MARTIN 190819"} | given))


def pairs(decisions: list[Decision], state: str) -> list[tuple[str, str]]:
    return [(part.invoice_id, part.transaction_id) for d in decisions if d.state == state for part in d.parts]

"""The lines of a purchase as an event keeps them, and what changed between two such states."""

from collections.abc import Sequence
from typing import Any

from achats.models import InvoiceLine

# What a split changes of a line, and « Revenir à une ligne » puts back.
AMOUNTS = ("net_amount", "vat_amount", "gross_amount", "quantity", "unit_price")

State = dict[str, str | None]


def state_of(line: InvoiceLine) -> State:
    """What may change of a line; a code and an account by their numbers."""
    amounts = {name: None if (value := getattr(line, name)) is None else f"{value:f}" for name in AMOUNTS}
    code = line.vat_code.code if line.vat_code else None
    account = str(line.account) if line.account else None
    named = {"label": line.label or None, "account": account, "vat_code": code}
    return {**named, "vat_code_origin": line.vat_code_origin, **amounts}


def changes_between(before: Sequence[State], after: Sequence[State], *, told: Sequence[str]) -> dict[str, list[Any]]:
    """`{"lines.2.vat_amount": [None, "0.45"]}`: what changed, by line; a line that is not there is all None."""
    nothing: State = dict.fromkeys(told)
    changed: dict[str, list[Any]] = {}
    for position in range(max(len(before), len(after))):
        old, new = (rows[position] if position < len(rows) else nothing for rows in (before, after))
        for name in told:
            if old[name] != new[name]:
                changed[f"lines.{position + 1}.{name}"] = [old[name], new[name]]
    return changed

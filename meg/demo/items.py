"""The purchases of « Boulangerie Martin »: what Dext publishes for each, and on which paper. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

PURCHASES = Path(__file__).parent / "purchases.jsonl"
REFUSED = Path(__file__).parent / "refused.jsonl"
# Published to the wrong company, then withdrawn.
WITHDRAWN = "RB-90168"

Paper = Literal["pdf", "till", "none"]


@dataclass(frozen=True, slots=True)
class Purchase:
    """`item` is the JSON of the contract, as it is sent; `what` says what was bought, for the paper."""

    item: dict[str, Any]
    paper: Paper
    what: str


def purchases() -> Iterator[Purchase]:
    """Each line of purchases.jsonl, in the order in which Dext publishes them."""
    with PURCHASES.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Purchase(item=row["item"], paper=row["paper"], what=row["what"])


def refused_items() -> list[dict[str, Any]]:
    """Three publishes that MEG must refuse, so that « Réceptions Dext » has some to show."""
    return [json.loads(line) for line in REFUSED.read_text(encoding="utf-8").splitlines()]

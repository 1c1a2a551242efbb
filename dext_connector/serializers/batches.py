"""A batch: Dext's JSON → its items, each still as it came; and what became of each → Dext's JSON. Pure."""

from typing import Any

from dext_connector.payloads import Fault, Refused
from dext_connector.serializers.reading import Reader

MOST_ITEMS = 100


class BatchRefused(Refused):
    """The batch as a whole must be mended: none of its items was looked at."""


def read_items(data: dict) -> list[Any]:
    """Its items, 1 to 100 of any JSON. Raises BatchRefused."""
    faults: list[Fault] = []
    items = Reader(data, faults).values("items", most=MOST_ITEMS)
    if faults:
        raise BatchRefused(faults)
    return items


def result_of(external_id: str, http_status: int, body: dict) -> dict:
    """One result of a batch: `result` where the item was published, else `problem`."""
    name = "result" if http_status < 400 else "problem"
    return {"external_id": external_id or None, "http_status": http_status, name: body}

"""« Publier tout »: one batch for what MEG does not have, then the pictures, then what was changed since."""

import hashlib
import json
from itertools import batched
from typing import Any
from uuid import uuid4

from dext_connector.simulator.account import connected
from dext_connector.simulator.client import DextClient
from dext_connector.simulator.inbox import Standing, standing_of
from dext_connector.simulator.problems import Refused, refused
from dext_connector.simulator.publishing import entry_of, keep_answer, publish, sent_item
from dext_connector.simulator.receipts import receipt_file
from dext_connector.simulator.state import store
from dext_connector.simulator.transport import Answer

MOST = 100
READY = {Standing.READY, Standing.REFUSED}


def publish_at_once() -> list[str]:
    """Publish every item that may be; → their references. Each keeps MEG's answer to it, or its sentence.

    Raises Refused where MEG took no item at all, ApiUnreachable, TokenRefused.
    """
    ready = [entry for entry in store().read()["items"] if standing_of(entry)[0] in READY]
    for some in batched([entry for entry in ready if not entry["answer"]], MOST, strict=False):
        _publish_batch([sent_item(entry) for entry in some])
    for entry in ready:
        if entry["answer"]:
            publish(entry["item"]["external_id"])
    return [entry["item"]["external_id"] for entry in ready]


def _publish_batch(items: list[dict[str, Any]]) -> None:
    key = _key_of(items)
    with connected() as (client, company):
        results = client.publish_batch(company["id"], items, key=key)
        told = [_with_picture(client, company["id"], *pair) for pair in zip(items, results, strict=True)]
    with store().change() as state:
        state["batch"] = None
        for item, (answer, fault) in zip(items, told, strict=True):
            entry = entry_of(state, item["external_id"])
            keep_answer(entry, answer)
            entry["problem"] = entry["problem"] or fault


def _key_of(items: list[dict[str, Any]]) -> str:
    """One key a batch; the same again while nobody knows what became of these very items."""
    digest = hashlib.sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()
    with store().change() as state:
        if not state["batch"] or state["batch"]["digest"] != digest:
            state["batch"] = {"key": uuid4().hex, "digest": digest}
        return state["batch"]["key"]


def _with_picture(
    client: DextClient, company_id: str, item: dict[str, Any], result: dict[str, Any]
) -> tuple[Answer, str | None]:
    """Where the item stands once its picture followed it, and MEG's sentence where it did not take the picture."""
    if "problem" in result:
        return Answer(result["http_status"], result["problem"]), None
    sent = client.send_document(company_id, item["external_id"], receipt_file(item))
    stands = client.look(company_id, item["external_id"])
    if not stands.is_success:
        raise Refused(refused(stands))
    return stands, None if sent.is_success else refused(sent).sentence

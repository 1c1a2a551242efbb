"""What a user of Dext does with the inbox: mend, publish, look again, forget, start over."""

from collections.abc import Collection
from copy import deepcopy
from typing import Any
from uuid import uuid4

from dext_connector.simulator.account import connected
from dext_connector.simulator.inbox import Standing, read_amount, standing_of
from dext_connector.simulator.problems import Refused, refused
from dext_connector.simulator.receipts import receipt_file
from dext_connector.simulator.samples import starting_items
from dext_connector.simulator.state import store
from dext_connector.simulator.transport import Answer

NOT_FOUND = 404
FORGOTTEN = {"answer": None, "problem": None, "etag": "", "is_changed": False}


class NoSuchItem(Exception):
    """The inbox has no item of this reference (it was reset meanwhile)."""


def mend(external_id: str, *, account: str, totals: list[str]) -> None:
    """Give an item its account and the totals of its lines, as typed. Raises NoSuchItem, UnreadableAmount."""
    amounts = [read_amount(total) for total in totals]
    with store().change() as state:
        entry = entry_of(state, external_id)
        entry["key"], item, before = None, entry["item"], deepcopy(entry["item"])
        item["account"] = account or None
        for line, amount in zip(item.get("lines") or [], amounts, strict=False):
            line.update(total=amount, account=account or None)
        entry["is_changed"] = entry.get("is_changed", False) or bool(entry["answer"] and item != before)
    publish_automatically()


def switch_automatic(is_on: bool) -> None:
    """« Publication automatique »: what is ready, now or later, is published without a press."""
    with store().change() as state:
        state["is_automatic"] = is_on
    publish_automatically()


def publish_automatically() -> None:
    state = store().read()
    if state["is_automatic"] and state["connection"]:
        publish_all(is_automatic=True)


def publish_all(*, is_automatic: bool = False) -> list[str]:
    """Publish every item that may be, and answer their references; what was refused only goes again by hand."""
    wanted = {Standing.READY} if is_automatic else {Standing.READY, Standing.REFUSED}
    ready = [entry["item"]["external_id"] for entry in store().read()["items"] if standing_of(entry)[0] in wanted]
    for external_id in ready:
        publish(external_id, is_automatic=is_automatic)
    return ready


def publish(external_id: str, *, is_automatic: bool = False) -> None:
    """Send one item with its picture; keep MEG's answer, or its sentence. Raises ApiUnreachable, TokenRefused.

    The key outlives a failure of the network: pressed again, « Publier » asks what became of the first time. What was
    changed since it was published goes as a change of what MEG has, unless that changed too.
    """
    with store().change() as state:
        entry = entry_of(state, external_id)
        key = entry["key"] = entry["key"] or uuid4().hex
    sent = sent_item(entry) | ({"auto_published": True} if is_automatic else {})
    with connected() as (client, company):
        if entry["answer"]:
            answer = client.replace(company["id"], sent, etag=entry.get("etag") or "")
        else:
            answer = client.publish(company["id"], sent, document=receipt_file(sent), key=key)
        if answer.is_success and "ETag" not in answer.headers:
            answer = client.look(company["id"], external_id)
    with store().change() as state:
        keep_answer(entry_of(state, external_id), answer)


def sent_item(entry: dict[str, Any]) -> dict[str, Any]:
    """The item of an entry as it is sent: without what is not known."""
    return {name: value for name, value in entry["item"].items() if value is not None}


def keep_answer(entry: dict[str, Any], answer: Answer) -> None:
    """What MEG said of a publish, in the entry of the inbox."""
    entry["key"] = None
    if answer.is_success:
        entry.update(answer=answer.body, problem=None, etag=answer.headers.get("ETag", ""), is_changed=False)
    else:
        entry.update(problem=refused(answer).sentence)


def send_picture(external_id: str) -> None:
    """The picture alone, late or again. Raises NoSuchItem, Refused, ApiUnreachable, TokenRefused."""
    item = entry_of(store().read(), external_id)["item"]
    with connected() as (client, company):
        answer = client.send_document(company["id"], external_id, receipt_file(item))
    if not answer.is_success:
        raise Refused(refused(answer))
    look_at([external_id])


def look_again() -> None:
    """Ask MEG where each item stands now: what was published, and what was refused and may have been mended there."""
    look_at([entry["item"]["external_id"] for entry in store().read()["items"] if entry["answer"] or entry["problem"]])


def look_at(references: Collection[str], *, is_asked: bool = True) -> None:
    """Ask MEG where these items stand. What it does not have, or has of another company, stays as it is.

    Unless a person asked, an item with changes to publish keeps the version that they were made on.
    """
    answers: dict[str, Answer] = {}
    if not references:
        return
    with connected() as (client, company):
        for external_id in references:
            answer = client.look(company["id"], external_id)
            if answer.is_success:
                answers[external_id] = answer
            elif answer.status != NOT_FOUND:
                raise Refused(refused(answer))
    with store().change() as state:
        for entry in state["items"]:
            found = answers.get(entry["item"]["external_id"])
            if found and (is_asked or not entry.get("is_changed")):
                _take(entry, found)


def _take(entry: dict[str, Any], answer: Answer) -> None:
    """A refusal is over once MEG has the item; a withdrawn one is no success."""
    if not entry["answer"]:
        if answer.body["status"] == "cancelled":
            return
        entry.update(key=None, problem=None)
    entry.update(answer=answer.body, etag=answer.headers.get("ETag", ""))


def erase_publications() -> int:
    """« Effacer les données de publication »: withdraw from MEG what was published; → how many it let go.

    What MEG has posted or matched stays published, under MEG's own sentence.
    """
    published = [entry["item"]["external_id"] for entry in store().read()["items"] if entry["answer"]]
    return sum(_erase(external_id) for external_id in published)


def _erase(external_id: str) -> bool:
    """The same reference may be published again afterwards: MEG counts generations."""
    problem = None
    with connected() as (client, company):
        try:
            client.cancel(company["id"], external_id, reason="Données de publication effacées dans Dext")
        except Refused as error:
            problem = error.problem
    with store().change() as state:
        entry = entry_of(state, external_id)
        entry.update(problem=problem.sentence) if problem else entry.update(FORGOTTEN)
    return problem is None


def reset() -> None:
    """« Remettre à zéro »: the inbox as the contract draws it, each receipt under a fresh Dext reference.

    What was published stays in MEG (a matched purchase cannot be cancelled), so the old references could only be
    refused there. Published again to the same company, MEG rightly suspects a duplicate; to another, nothing.
    """
    with store().change() as state:
        state["generation"] += 1
        state["items"] = starting_items(generation=state["generation"])
        state["is_automatic"] = False


def entry_of(state: dict[str, Any], external_id: str) -> dict[str, Any]:
    """Raises NoSuchItem."""
    for entry in state["items"]:
        if entry["item"]["external_id"] == external_id:
            return entry
    raise NoSuchItem(f"Dext n’a plus de document «\u00a0{external_id}\u00a0»\u00a0: la boîte a été remise à zéro.")

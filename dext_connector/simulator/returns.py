"""« Retours reçus »: what MEG tells Dext, by webhook or by the feed, each event once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dext_connector.simulator.account import connected, reload_lists
from dext_connector.simulator.problems import Refused
from dext_connector.simulator.publishing import look_at
from dext_connector.simulator.signature import BadSignature, check_signature
from dext_connector.simulator.state import store
from dext_connector.simulator.transport import ApiUnreachable

TOLD = ("id", "kind", "company_id", "subject_id", "external_id", "at")
KEPT, REFUSALS_KEPT = 200, 10
ACCEPTED, UNREADABLE, UNSIGNED, NOT_WAITED_FOR = 200, 400, 401, 404


def receive(headers: Mapping[str, str], body: bytes, *, at: datetime) -> int:
    """Take one call of MEG; → the status to answer. One that came before changes nothing; 401 for what is not MEG's."""
    webhook = store().read()["webhook"]
    if not webhook:
        return NOT_WAITED_FOR
    try:
        check_signature(webhook["secret"], headers.get("MEG-Signature", ""), body, at=at)
        event = json.loads(body)
        keep_events([event | {"id": headers["MEG-Event-Id"]}], way="webhook", at=at)
    except BadSignature as error:
        _keep_refusal(str(error), at)
        return UNSIGNED
    except (ValueError, TypeError, KeyError):
        _keep_refusal("corps illisible", at)
        return UNREADABLE
    return ACCEPTED


def keep_events(events: list[dict[str, Any]], *, way: str, at: datetime) -> list[dict[str, Any]]:
    """Keep those that did not come before, oldest first, and mark what they tell of; → the new ones."""
    with store().change() as state:
        known = {event["id"] for event in state["returns"]}
        new = [{name: event[name] for name in TOLD} for event in events if event["id"] not in known]
        for event in new:
            _mark(state, event)
            state["returns"].insert(0, event | {"way": way, "received_at": at.isoformat(timespec="seconds")})
        state["returns"].sort(key=lambda event: event["at"], reverse=True)
        del state["returns"][KEPT:]
    return new


def _mark(state: dict[str, Any], event: dict[str, Any]) -> None:
    connection = state["connection"] or {"company": {"id": ""}}
    if event["company_id"] != connection["company"]["id"]:
        return
    state["are_lists_stale"] = state["are_lists_stale"] or event["kind"] == "reference.changed"
    for entry in state["items"]:
        if event["external_id"] and entry["item"]["external_id"] == event["external_id"]:
            entry["is_stale"] = True


def _keep_refusal(why: str, at: datetime) -> None:
    with store().change() as state:
        state["refused_returns"].insert(0, {"why": why, "received_at": at.isoformat(timespec="seconds")})
        del state["refused_returns"][REFUSALS_KEPT:]


def poll(*, at: datetime) -> list[dict[str, Any]]:
    """Read the feed on from where Dext stopped; → what is new. Raises ApiUnreachable, Refused."""
    with connected() as (client, _):
        events, cursor = client.events(store().read()["cursor"])
    new = keep_events(events[-KEPT:], way="events", at=at)
    with store().change() as state:
        state["cursor"] = cursor
    return new


def catch_up() -> None:
    """Ask MEG about what its returns named; what it cannot answer now is asked next time. Raises TokenRefused."""
    with store().change() as state:
        stale = [entry["item"]["external_id"] for entry in state["items"] if entry.pop("is_stale", False)]
    try:
        if state["are_lists_stale"]:
            reload_lists()
        look_at(stale, is_asked=False)
    except (ApiUnreachable, Refused):
        with store().change() as state:
            for entry in state["items"]:
                entry["is_stale"] = entry.get("is_stale", False) or entry["item"]["external_id"] in stale


def register(url: str) -> dict[str, Any]:
    """Be told at `url`; a webhook that stands there already gets another secret. Raises Refused."""
    with connected() as (client, _):
        try:
            webhook = client.add_webhook(url)
        except Refused as error:
            if error.problem.code != "webhook_exists":
                raise
            webhook = client.renew_webhook(next(one["id"] for one in client.webhooks() if one["url"] == url))
    with store().change() as state:
        state["webhook"] = {"id": webhook["id"], "url": url, "secret": webhook["secret"]}
    return webhook


def ask_for_test() -> None:
    """Have MEG call the webhook with an event of nothing. Raises Refused."""
    with connected() as (client, _):
        client.test_webhook((store().read()["webhook"] or {"id": "aucun"})["id"])

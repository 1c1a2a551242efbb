"""What Dext keeps: its connection to MEG, MEG's lists as last loaded, the inbox, the last calls."""

from typing import Any

from django.conf import settings

from dext_connector.simulator.calls import Call
from dext_connector.simulator.files import JsonFile
from dext_connector.simulator.samples import starting_items, starting_rules

CALLS_KEPT = 40


def start() -> dict[str, Any]:
    """Dext as it is installed: nothing connected, the three receipts of the contract in the inbox."""
    return {
        "generation": 1,
        "connection": None,
        "lists": {"accounts": [], "vat_codes": [], "payment_methods": []},
        "settings": None,
        "is_automatic": False,
        "items": starting_items(generation=1),
        "calls": [],
        "notice": None,
    } | _start_of_links()


def _start_of_links() -> dict[str, Any]:
    return {
        # Dext's own rules, and what MEG answered to « Activer l’intégration » for a company.
        "rules": starting_rules(),
        "activation": None,
        # A consent that was asked for, until the browser comes back.
        "consent": None,
        # The batch that was sent and not yet answered: its key and what it held.
        "batch": None,
        # What MEG tells: the webhook with its secret, the events that came, those refused, where to poll on.
        "webhook": None,
        "returns": [],
        "refused_returns": [],
        "cursor": "",
        "are_lists_stale": False,
    }


def store() -> JsonFile:
    """The state of this installation, under `$MEG_DATA_DIR/simulator/`."""
    return JsonFile(settings.DATA_DIR / "simulator" / "state.json", start)


def record_calls(calls: list[Call]) -> None:
    """Keep the newest calls for the drawer, newest first."""
    if not calls:
        return
    with store().change() as state:
        state["calls"] = ([call.as_json() for call in reversed(calls)] + state["calls"])[:CALLS_KEPT]

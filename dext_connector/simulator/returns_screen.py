"""« Retours reçus », in words: what each event of MEG means for somebody who looks at Dext."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dext_connector.simulator.state import store

SHOWN = 50
PARIS = ZoneInfo("Europe/Paris")
KINDS = {
    "purchase.received": "Reçue dans MEG",
    "purchase.not_ready": "Pas prête dans MEG",
    "purchase.posted": "Comptabilisée",
    "purchase.unposted": "Publication annulée dans MEG",
    "purchase.reversed": "Contre-passée dans MEG",
    "purchase.settled": "Réglée",
    "purchase.matched": "Rapprochée",
    "purchase.unmatched": "Rapprochement annulé",
    "purchase.cancelled": "Annulée",
    "reference.changed": "Listes ou paramètres changés",
    "connection.expiring": "Connexion bientôt finie",
    "webhook.test": "Essai",
}
WAYS = {"webhook": "Appel de MEG, signature vérifiée", "events": "Lu par « Actualiser »"}


def returns_screen() -> dict[str, Any]:
    """The newest events, in words; a kind that Dext does not know bears its own name."""
    state = store().read()
    names = {entry["item"]["external_id"]: entry["item"]["supplier"]["name"] for entry in state["items"]}
    rows = [
        {
            "words": KINDS.get(event["kind"], event["kind"]),
            "kind": event["kind"],
            "reference": event["external_id"] or "",
            "supplier": names.get(event["external_id"], ""),
            "way": WAYS[event["way"]],
            "received_at": moment(event["received_at"]),
        }
        for event in state["returns"][:SHOWN]
    ]
    refused = [one | {"received_at": moment(one["received_at"])} for one in state["refused_returns"]]
    return {"state": state, "rows": rows, "refused": refused}


def moment(text: str) -> str:
    """« 24/11/2026 09:15:02 », in France."""
    return f"{datetime.fromisoformat(text).astimezone(PARIS):%d/%m/%Y %H:%M:%S}"

"""« Activer l’intégration »: Dext's supplier rules give way to those that live in MEG."""

from typing import Any

from dext_connector.simulator.account import connected
from dext_connector.simulator.state import store


def activation_screen() -> dict[str, Any]:
    """What an activation would replace, or did; once it has, MEG's live rules. Raises Refused, ApiUnreachable."""
    state = store().read()
    with connected() as (client, company):
        is_active = bool(state["activation"]) and state["activation"]["company_id"] == company["id"]
        looked = client.activate(company["id"], state["rules"], is_dry_run=True)
        live = client.supplier_rules(company["id"]) if is_active else []
    return {"state": store().read(), "activation": looked, "is_active": is_active, "live_rules": live}


def activate() -> dict[str, Any]:
    """Give Dext's rules to MEG; → what it answered. From then on the live rules are MEG's. Raises Refused."""
    rules = store().read()["rules"]
    with connected() as (client, company):
        answer = client.activate(company["id"], rules)
    with store().change() as state:
        state["activation"] = {"company_id": company["id"], "generation": answer["generation"]}
    return answer

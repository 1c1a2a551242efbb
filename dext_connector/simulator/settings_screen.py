"""« Paramétrer l’intégration »: the five settings as Dext words them, with MEG's own VAT codes to choose from."""

from collections.abc import Mapping
from typing import Any

from dext_connector.simulator.state import store


def settings_screen(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the screen shows. A code that MEG lets serve as neither marker is not offered."""
    state = store().read()
    codes = [code for code in state["lists"]["vat_codes"] if code["active"]]
    return {
        "state": state,
        "settings": settings,
        "markers": [code for code in codes if code["may_be_marker"]],
        "no_vat_markers": [code for code in codes if code["may_be_no_vat"]],
        "is_account": False,
    }


def chosen_settings(posted: Mapping[str, str]) -> dict[str, Any]:
    """The five settings as the API takes them; what was left empty goes as null, for MEG to name it."""
    return {
        "publish_destination": posted.get("publish_destination") or None,
        "vat_by_line": posted.get("vat_by_line") == "oui",
        "use_supplier_vat_rate": posted.get("use_supplier_vat_rate") == "oui",
        "vat_marker": posted.get("vat_marker") or None,
        "no_vat_marker": posted.get("no_vat_marker") or None,
    }

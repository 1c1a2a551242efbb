"""What came, as a page may show it: pretty, without anything that opens a door. Pure."""

import json
import re
from typing import Any

SECRET_NAME = re.compile(
    r"token|secret|passw|mot_de_passe|authorization|api.?key|credential|signature|^sig$", re.IGNORECASE
)
IN_ADDRESS = re.compile(r"(?i)([?&#][^=&#\s]*(?:token|secret|passw|key|credential|sig)[^=&#\s]*=)[^&#\s]+")
USER_IN_ADDRESS = re.compile(r"(?i)(https?://)[^/@\s]+@")
HIDDEN = "•••"
LONGEST = 100_000


def shown_json(value: Any) -> str:
    """`value` indented, at most 100,000 characters."""
    text = json.dumps(without_secrets(value), ensure_ascii=False, indent=2)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n…"


def without_secrets(value: Any) -> Any:
    """A value whose name says that it is secret, and what signs or opens an address, are hidden."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if part and SECRET_NAME.search(name) else without_secrets(part) for name, part in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(part) for part in value]
    return hide_in_text(value) if isinstance(value, str) else value


def hide_in_text(text: str) -> str:
    return USER_IN_ADDRESS.sub(rf"\1{HIDDEN}@", IN_ADDRESS.sub(rf"\1{HIDDEN}", text))

"""Where MEG is: the address that was given, else that of the running server."""

import json
from pathlib import Path

from django.conf import settings


class NoServer(Exception):
    """No address was given and no server runs here."""


def base_url(given: str = "") -> str:
    """The address to call, without its last slash. Raises NoServer."""
    found = given or running_server(settings.DATA_DIR) or settings.BASE_URL
    if not found:
        raise NoServer(
            "Aucun serveur MEG ne tourne\u00a0: lancez «\u00a0make run\u00a0», ou donnez son adresse avec --url."
        )
    return found.rstrip("/")


def running_server(data_dir: Path) -> str:
    """The address that the running MEG wrote in its note (`run.json`), empty where none runs."""
    try:
        note = json.loads((data_dir / "run.json").read_text())
    except (OSError, ValueError):
        return ""
    return str(note.get("url") or "") if isinstance(note, dict) else ""

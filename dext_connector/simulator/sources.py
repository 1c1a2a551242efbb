"""The documents of a folder, or the items of a JSON-lines file, one after the other as things to publish."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dext_connector.simulator.client import MEDIA_TYPES
from dext_connector.simulator.truth import NoItem, item_of

TRUTH = "truth.csv"
BESIDE = [suffix for suffix in MEDIA_TYPES if suffix != ".xml"] + [".xml"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to publish: the item and its document; or, where nothing can be made of it, why (`fault`)."""

    name: str
    item: dict[str, Any] | None = None
    document: Path | None = None
    fault: str = ""


def pieces_of(path: Path) -> Iterator[Piece]:
    """What `path` holds. Raises OSError where it cannot be read."""
    if path.is_dir():
        return _of_folder(path)
    if path.suffix.lower() == ".json":
        return iter([_of_json(path, path.parent)])
    return _of_lines(path)


def _of_folder(folder: Path) -> Iterator[Piece]:
    """Recursively, in the order of names: each JSON with the document beside it, each row of a truth.csv with its own.

    A document of which nothing is known is named too, so that none is passed over unseen.
    """
    used: set[Path] = set()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        found: list[Piece] = []
        if path.suffix.lower() == ".json":
            found = [_of_json(path, folder)]
        elif path.name == TRUTH:
            found = list(_of_truth_csv(path, folder))
        used |= {piece.document for piece in found if piece.document}
        yield from found
    for path in files:
        if path.suffix.lower() in MEDIA_TYPES and path not in used:
            yield Piece(_name(path, folder), fault="aucune donnée (JSON) à côté de ce document")


def _of_json(path: Path, folder: Path) -> Piece:
    name = _name(path, folder)
    document = next((beside for suffix in BESIDE if (beside := path.with_suffix(suffix)).exists()), None)
    try:
        return Piece(name, item_of(_decimals(path.read_text(encoding="utf-8")), name), document)
    except (NoItem, ValueError) as error:
        return Piece(name, document=document, fault=_fault(error))


def _of_truth_csv(path: Path, folder: Path) -> Iterator[Piece]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            document = path.parent / row["file"]
            name = _name(document, folder)
            yield Piece(name, item_of(row, name), document if document.exists() else None)


def _of_lines(path: Path) -> Iterator[Piece]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            name = f"{path.stem}-{number}"
            try:
                yield Piece(name, item_of(_decimals(line), name))
            except (NoItem, ValueError) as error:
                yield Piece(name, fault=_fault(error))


def _decimals(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _fault(error: Exception) -> str:
    return str(error) if isinstance(error, NoItem) else "JSON illisible"


def _name(path: Path, folder: Path) -> str:
    return ".".join(path.relative_to(folder).with_suffix("").parts)

"""What may enter: JSON of at most 1 MiB that is really JSON, and a multipart body whose file is at most 20 MiB.

Everything that PostgreSQL or a careless reader would choke on is refused here with 400: nesting (a body of 100,000
« [ » exhausts the stack of Python's parser), NaN and Infinity, a name given twice, NUL and half a surrogate pair.
"""

import json
import math
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from rest_framework.parsers import BaseParser, MultiPartParser

MAX_JSON_BYTES = 1024 * 1024
MAX_BATCH_BYTES = 10 * 1024 * 1024
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_MULTIPART_BYTES = 22 * 1024 * 1024
MAX_DEPTH = 20
FILE_TOO_LARGE = "Le fichier dépasse 20 Mio\u00a0: réduisez-le avant de publier."
TOO_DEEP = "Le corps JSON est imbriqué trop profondément."


class MalformedBody(Exception):
    """The body cannot be read. `str()` is one French sentence."""


class _NotPermitted(ValueError):
    """What Python's parser would let through. `str()` says it in French."""


class BodyTooLarge(Exception):
    """The body exceeds its limit. `str()` is one French sentence."""


class StrictJSONParser(BaseParser):
    """`application/json` → the object that it holds. Raises MalformedBody (400) or BodyTooLarge (413)."""

    media_type = "application/json"
    most_bytes = MAX_JSON_BYTES

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict:
        raw = stream.read(self.most_bytes + 1)
        if parser_context is not None:
            parser_context["raw"] = raw  # what the inbox keeps of a body that is no item
        return read_object(raw, most_bytes=self.most_bytes)


class BatchParser(StrictJSONParser):
    """The JSON of a batch: 10 MiB, of which an item may take 1."""

    most_bytes = MAX_BATCH_BYTES


class FileParser(BaseParser):
    """A file as the body itself, whatever type it is said to be → `{"content": bytes}`. Raises BodyTooLarge (413)."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict:
        data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise BodyTooLarge(FILE_TOO_LARGE)
        return {"content": data}


class PublishParser(MultiPartParser):
    """`multipart/form-data` whose length was announced and is bearable. Raises BodyTooLarge (413)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > MAX_MULTIPART_BYTES:
            raise BodyTooLarge(FILE_TOO_LARGE)
        return super().parse(stream, media_type, parser_context)


def check_item(payload: Any) -> dict:
    """An item of a batch, held to what it would be held to alone. Raises MalformedBody or BodyTooLarge."""
    if not isinstance(payload, dict):
        raise MalformedBody("Un élément du lot doit être un objet JSON.")
    if len(json.dumps(payload, ensure_ascii=False).encode()) > MAX_JSON_BYTES:
        raise BodyTooLarge("L’élément dépasse 1 Mio.")
    return payload


def item_part(data: Any, files: Any) -> dict:
    """The `item` of a multipart body, sent as a field or as a file. Raises as StrictJSONParser."""
    part = files.get("item") or data.get("item")
    if isinstance(part, UploadedFile):
        return read_object(part.read(MAX_JSON_BYTES + 1))
    if part is None:
        raise MalformedBody("La partie «\u00a0item\u00a0» manque\u00a0: elle porte l’élément en JSON.")
    return read_object(part.encode())


def read_object(raw: bytes, *, most_bytes: int = MAX_JSON_BYTES) -> dict:
    """The JSON object in `raw`, amounts left as they were written. Raises MalformedBody or BodyTooLarge."""
    if len(raw) > most_bytes:
        raise BodyTooLarge(f"Le corps JSON dépasse {most_bytes // 1024 // 1024} Mio.")
    try:
        body = json.loads(
            raw.decode(), parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_no_name_twice
        )
    except RecursionError as error:
        raise MalformedBody(TOO_DEEP) from error
    except ValueError as error:
        raise MalformedBody(f"Le corps n’est pas du JSON valable\u00a0: {_why(error)}.") from error
    if not isinstance(body, dict):
        raise MalformedBody("Le corps JSON doit être un objet.")
    _check_contents(body)
    return body


def _why(error: ValueError) -> str:
    """Python's own reasons are English."""
    if isinstance(error, json.JSONDecodeError):
        return f"ligne {error.lineno}, colonne {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "il n’est pas en UTF-8"
    return str(error) if isinstance(error, _NotPermitted) else "un nombre a trop de chiffres"


def _check_contents(body: dict) -> None:
    """Walk without recursion: depth, and every string and name."""
    waiting: list[tuple[Any, int]] = [(body, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise MalformedBody(TOO_DEEP)
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise MalformedBody("Le corps contient un caractère nul (U+0000).")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise MalformedBody("Le corps contient un caractère Unicode incomplet.")


def _refuse_constant(name: str) -> None:
    raise _NotPermitted(f"{name} n’est pas permis")


def _finite(text: str) -> float:
    """Only for what the inbox keeps: no amount is ever read from a JSON number."""
    number = float(text)
    if not math.isfinite(number):
        raise _NotPermitted(f"{text[:40]} est trop grand")
    return number


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NotPermitted(f"le nom «\u00a0{twice[:60]}\u00a0» est donné deux fois")
    return found

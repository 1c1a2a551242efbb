"""A publish as it came over the wire, JSON or multipart → `Sent`."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.http.request import QueryDict, RawPostDataException
from django.utils.http import parse_header_parameters
from rest_framework.request import Request

from dext_connector.calls.idempotency import check_key
from dext_connector.calls.parsers import MalformedBody, item_part
from dext_connector.payloads import Sent, SentBatch, SentDocument
from dext_connector.serializers.batches import read_items
from dext_connector.serializers.items import external_id_of

KEPT_RAW = 64 * 1024


def sent_nothing(request: Request, *, request_id: str) -> Sent:
    """A publish that was refused before it was read, as far as it can be: its item, else the beginning of its body."""
    elapsed_ms = _stopwatch()
    payload, document, raw = _whatever_came(request)
    return Sent(
        payload=payload,
        digest=hashlib.sha256(raw).hexdigest() if payload is None else digest_of(payload, document),
        external_id=external_id_of(payload or {}),
        idempotency_key=request.headers.get("Idempotency-Key", "")[:128].replace("\0", ""),
        request_id=request_id,
        document=document,
        raw="" if payload is not None else raw[:KEPT_RAW].decode(errors="replace").replace("\0", "\ufffd"),
        elapsed_ms=elapsed_ms,
    )


def read_sent(request: Request, *, request_id: str, at: str = "") -> Sent:
    """One item, of the address `at` where that names it. Raises Http404, MalformedBody, BodyTooLarge, KeyMalformed."""
    if "\0" in at:
        raise Http404
    elapsed_ms = _stopwatch()
    key = check_key(request.headers.get("Idempotency-Key", "").strip())
    document: SentDocument | None = None
    if _is_multipart(request):
        payload, document = item_part(request.data, request.FILES), _document(request)
    else:
        payload = cast(dict[str, Any], request.data)
    return Sent(
        payload=payload,
        digest=digest_of(payload, document, at=at),
        external_id=external_id_of({"external_id": at} if at else payload),
        idempotency_key=key,
        request_id=request_id,
        document=document,
        elapsed_ms=elapsed_ms,
    )


def read_batch(request: Request, *, request_id: str) -> SentBatch:
    """Raises BatchRefused, KeyMalformed."""
    body = cast(dict[str, Any], request.data)
    return SentBatch(
        items=tuple(read_items(body)),
        digest=digest_of(body),
        idempotency_key=check_key(request.headers.get("Idempotency-Key", "").strip()),
        request_id=request_id,
    )


def sent_in(batch: SentBatch, position: int, *, batch_id: UUID | None) -> Sent:
    """One item of a batch, as if it had come alone; what is no object has no payload."""
    payload = batch.items[position]
    is_object = isinstance(payload, dict)
    return Sent(
        payload=payload if is_object else None,
        digest=digest_of(payload),
        external_id=external_id_of(payload) if is_object else "",
        request_id=batch.request_id,
        batch_id=batch_id,
        position=None if batch_id is None else position,
    )


def read_document(request: Request) -> SentDocument:
    """A file alone: the part `document`, or the body itself, named by `Content-Disposition`. Raises MalformedBody."""
    if (request.content_type or "").startswith("multipart/"):
        if document := _document(request):
            return document
        raise MalformedBody("La partie «\u00a0document\u00a0» manque\u00a0: elle porte le fichier.")
    _, parameters = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    content = cast(dict[str, bytes], request.data).get("content", b"")
    if not content:
        raise MalformedBody("Le corps de la requête est vide\u00a0: il porte le fichier.")
    return SentDocument(filename=parameters.get("filename", ""), content=content)


def digest_of(payload: Any, document: SentDocument | None = None, *, at: str = "") -> str:
    """The same for the same item and file, in whatever order its names were written, sent to the same address."""
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=True).encode())
    if at:
        digest.update(f"PUT {at}".encode())
    if document:
        digest.update(hashlib.sha256(document.content).digest())
    return digest.hexdigest()


def _stopwatch() -> Callable[[], int]:
    """How many milliseconds have passed since now."""
    started = perf_counter()
    return lambda: round((perf_counter() - started) * 1000)


def _is_multipart(request: Request) -> bool:
    return (request.content_type or "").startswith("multipart/")


def _whatever_came(request: Request) -> tuple[dict[str, Any] | None, SentDocument | None, bytes]:
    """The item and the document where they can be read, and the bytes that came in the item's place."""
    payload: dict[str, Any] | None = None
    document: SentDocument | None = None
    with suppress(Exception):  # what cannot be read was refused already, in its own words
        data = request.data
        payload = item_part(data, request.FILES) if _is_multipart(request) else data if type(data) is dict else None
    with suppress(Exception):
        document = _document(request) if _is_multipart(request) else None
    return payload, document, b"" if payload is not None else _raw_of(request)


def _raw_of(request: Request) -> bytes:
    if _is_multipart(request):
        with suppress(Exception):
            part = request.FILES.get("item") or cast(QueryDict, request.data).get("item", "")
            return (part.seek(0), part.read(KEPT_RAW))[1] if isinstance(part, UploadedFile) else part.encode()
        return b""
    raw = (request.parser_context or {}).get("raw")
    if raw is None:  # a content type that nobody reads
        with suppress(OSError, RawPostDataException):
            raw = request._request.read(KEPT_RAW)
    return raw or b""


def _document(request: Request) -> SentDocument | None:
    files = request.FILES.getlist("document")
    if len(files) > 1:
        raise MalformedBody("Une seule partie «\u00a0document\u00a0» par élément.")
    if not files:
        if "document" in request.data:
            raise MalformedBody("La partie «\u00a0document\u00a0» doit être un fichier.")
        return None
    file: UploadedFile = files[0]
    return SentDocument(filename=file.name or "document", content=file.read())

"""A publish as it came over the wire, JSON or multipart → `Sent`."""

import hashlib
import json
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from rest_framework.request import Request

from dext_connector.idempotency import check_key
from dext_connector.parsers import MalformedBody, item_part
from dext_connector.payloads import Sent, SentDocument
from dext_connector.serializers.items import external_id_of

NOTHING = hashlib.sha256().hexdigest()


def sent_nothing(request: Request, *, request_id: str) -> Sent:
    """What is known of a publish whose body was not, or could not be, read."""
    key = request.headers.get("Idempotency-Key", "")[:128].replace("\0", "")
    return Sent(digest=NOTHING, idempotency_key=key, request_id=request_id)


def read_sent(request: Request, *, request_id: str) -> Sent:
    """Raises MalformedBody, BodyTooLarge, KeyMalformed."""
    key = check_key(request.headers.get("Idempotency-Key", "").strip())
    document: SentDocument | None = None
    if (request.content_type or "").startswith("multipart/"):
        payload, document = item_part(request.data, request.FILES), _document(request)
    else:
        payload = cast(dict[str, Any], request.data)
    return Sent(
        payload=payload,
        digest=digest_of(payload, document),
        external_id=external_id_of(payload),
        idempotency_key=key,
        request_id=request_id,
        document=document,
    )


def digest_of(payload: dict[str, Any], document: SentDocument | None) -> str:
    """The same for the same item and file, in whatever order its names were written."""
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=True).encode())
    if document:
        digest.update(hashlib.sha256(document.content).digest())
    return digest.hexdigest()


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

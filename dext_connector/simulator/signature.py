"""`MEG-Signature: t=…,v1=…` as Dext checks it (docs/dext.md, « Verifying »). Pure."""

import hashlib
import hmac
from datetime import datetime

OLDEST_SECONDS = 300


class BadSignature(Exception):
    """The call is not MEG's, was changed on the way, or is too old. The message says which."""


def check_signature(secret: str, header: str, body: bytes, *, at: datetime) -> None:
    """Raises BadSignature unless one `v1` of `header` signs « t.body » and `t` is within five minutes of `at`."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit() and len(moments[0]) <= 12):
        raise BadSignature("signature absente ou illisible")
    expected = hmac.new(secret.encode(), moments[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    signed = [value for name, _, value in parts if name == "v1"]
    if not any(hmac.compare_digest(value.encode(), expected.encode()) for value in signed):
        raise BadSignature("signature fausse")
    if abs(at.timestamp() - int(moments[0])) > OLDEST_SECONDS:
        raise BadSignature("signature de plus de cinq minutes")

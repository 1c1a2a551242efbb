"""`MEG-Signature: t=…,v1=…`: who called, when, and that nothing was changed on the way.

No secret is stored: it is derived from `SECRET_KEY`, the webhook's id and its generation. Another generation is another
secret; for a day after it was renewed both sign, so that Dext changes over without losing a call.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from dext_connector.models import Webhook

SALT = "dext_connector.signing"
BOTH_SIGN_FOR = timedelta(hours=24)


def secret_of(webhook_id: UUID, generation: int) -> str:
    """« mwh_… », 256 bits."""
    digest = salted_hmac(SALT, f"{webhook_id}:{generation}", algorithm="sha256").digest()
    return "mwh_" + urlsafe_b64encode(digest).decode().rstrip("=")


def signature(webhook: Webhook, *, body: bytes, at: datetime) -> str:
    """The header of `body`, sent at `at`."""
    moment = int(at.timestamp())
    generations = [webhook.generation]
    if webhook.rotated_at and at < webhook.rotated_at + BOTH_SIGN_FOR:
        generations.append(webhook.generation - 1)
    signed = [sign(secret_of(webhook.pk, generation), body=body, moment=moment) for generation in generations]
    return ",".join([f"t={moment}", *(f"v1={value}" for value in signed)])


def sign(secret: str, *, body: bytes, moment: int) -> str:
    """HMAC-SHA256 of « t.body », in hexadecimal."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()

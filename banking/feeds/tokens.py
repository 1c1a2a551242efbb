"""Tokens of bank feeds: made once and shown once, kept as a digest, revoked for good."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from banking.models import FeedToken
from firms.events import record_event
from firms.models import Company, Firm, User

PREFIX = "megflux_"
USE_NOTED_EVERY = timedelta(minutes=1)
WINDOW_SECONDS = 60


class NoFeedToken(Exception):
    """The call bears no token, or one that nobody made."""


class FeedTokenRevoked(Exception):
    """The token was taken back."""


class TooManyFeedCalls(Exception):
    """The token, or an address without one, has used up its minute; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"Trop d’appels\u00a0: {settings.FEED_CALLS_PER_MINUTE} par minute au plus. Réessayez dans un instant."
        )
        self.retry_after = retry_after


def count_feed_call(who: str, *, at: datetime) -> None:
    """Count one call of a token, or of an address without one. Raises TooManyFeedCalls. Without Redis none is held."""
    minute, spent = divmod(int(at.timestamp()), WINDOW_SECONDS)
    key = f"feed-calls:{who}:{minute}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        count = cache.incr(key)
    except (RedisError, ValueError):
        return
    if count > settings.FEED_CALLS_PER_MINUTE:
        raise TooManyFeedCalls(WINDOW_SECONDS - spent)


@transaction.atomic
def create_feed_token(
    *, firm: Firm, company: Company | None, name: str, by: User | None = None
) -> tuple[FeedToken, str]:
    """The row, and the token itself, which nothing can show again. Raises ValueError for another firm's company."""
    if company and company.firm_id != firm.pk:
        raise ValueError("the company is of another firm")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = FeedToken.objects.create(firm=firm, company=company, name=name, digest=_digest(secret), created_by=by)
    if company:
        record_event(company=company, kind="feed_token.created", subject_id=token.pk, by=by)
    return token, secret


def revoke_feed_token(*, token: FeedToken, at: datetime) -> None:
    """From now on it opens nothing."""
    FeedToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def token_of(header: str, *, at: datetime) -> FeedToken:
    """The token of an `Authorization` header. Raises NoFeedToken or FeedTokenRevoked."""
    scheme, _, secret = header.partition(" ")
    found = None
    if scheme.lower() == "bearer" and secret.strip():
        found = FeedToken.objects.filter(digest=_digest(secret.strip())).first()
    if found is None:
        raise NoFeedToken
    if found.revoked_at is not None:
        raise FeedTokenRevoked
    if found.last_used_at is None or at - found.last_used_at > USE_NOTED_EVERY:
        FeedToken.objects.filter(pk=found.pk).update(last_used_at=at)
    return found


def company_of(token: FeedToken, company_id: UUID) -> Company | None:
    """The company, where the token opens it."""
    companies = Company.objects.filter(firm=token.firm_id, is_active=True)
    if token.company_id:
        companies = companies.filter(pk=token.company_id)
    return companies.filter(pk=company_id).first()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

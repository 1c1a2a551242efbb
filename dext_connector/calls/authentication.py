"""Who calls: a bearer token, hashed as it is stored, leads to its user and application."""

import hashlib

from django.utils import timezone
from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from dext_connector.access.authorizations import with_reach
from firms.models import User


class NoToken(Exception):
    """The call bears no `Authorization: Bearer` token."""


class TokenRefused(Exception):
    """The token is unknown, ended, revoked or without authorization, or its user is switched off."""


class ScopeMissing(Exception):
    """The token was not given the scope that the call needs."""


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer …` → (user, token with its reach), one query.

    A token in the address or the body is not looked at.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken]:
        scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not raw.strip():
            raise NoToken
        digest = hashlib.sha256(raw.strip().encode()).hexdigest()
        tokens = AccessToken.objects.select_related("user", "application").filter(token_checksum=digest)
        token = with_reach(tokens, at=timezone.now()).first()
        if token is None or token.user is None or token.is_expired() or not token.user.is_active:
            raise TokenRefused
        if token.authorization_id is None:
            raise TokenRefused
        return token.user, token


def require_scope(token: AccessToken, scope: str) -> None:
    """Raises ScopeMissing."""
    if not token.allow_scopes([scope]):
        raise ScopeMissing

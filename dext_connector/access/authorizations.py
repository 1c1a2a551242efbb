"""What tokens may reach: a login all companies of its user, a consent those chosen, through every renewal."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from oauth2_provider.models import AccessToken, Application, RefreshToken

from dext_connector.connections.opening import LASTS, open_connections
from dext_connector.models import DextAuthorization
from firms.models import Company, User


class CodeReused(Exception):
    """An authorization code came a second time: what it gave is to be revoked."""


def authorize_login(*, user: User, application: Application, family: UUID, at: datetime) -> DextAuthorization:
    """The tokens of `family` reach every company of `user`, those created later too."""
    return DextAuthorization.objects.create(
        user=user,
        application=application,
        reaches_all_companies=True,
        token_family=family,
        given_at=at,
        expires_at=at + LASTS,
    )


@transaction.atomic
def give_consent(
    *, user: User, application: Application, companies: Collection[Company], code: str, at: datetime
) -> DextAuthorization:
    """What the tokens that `code` will give reach: `companies` and no other. Their connections are opened."""
    authorization = DextAuthorization.objects.create(
        user=user,
        application=application,
        reaches_all_companies=False,
        code_checksum=_checksum(code),
        given_at=at,
        expires_at=at + LASTS,
    )
    authorization.companies.set(companies)
    open_connections(companies=companies, user=user, at=at)
    return authorization


def bind_family(*, code: str, family: UUID) -> None:
    """Tie the tokens that `code` just gave to its consent, in the caller's transaction. Raises CodeReused."""
    authorization = DextAuthorization.objects.select_for_update().get(code_checksum=_checksum(code))
    if authorization.token_family is not None:
        raise CodeReused
    authorization.token_family = family
    authorization.save(update_fields=["token_family"])


def revoke_what_code_gave(*, code: str, application: Application) -> None:
    """Revoke every token that came of `code`, if any did: it was seen twice, so somebody else may hold it."""
    given = DextAuthorization.objects.filter(code_checksum=_checksum(code), application=application)
    for family in given.values_list("token_family", flat=True):
        RefreshToken.revoke_family(family)


def holds(family: UUID, *, at: datetime) -> bool:
    """Whether tokens of `family` may still be renewed: its authorization has not ended and its user is active."""
    return DextAuthorization.objects.filter(token_family=family, expires_at__gt=at, user__is_active=True).exists()


def with_reach(tokens: QuerySet[AccessToken], *, at: datetime) -> QuerySet[AccessToken]:
    """Each token with its `authorization_id` and `reaches_all_companies`, both None where nothing authorizes it."""
    living = DextAuthorization.objects.filter(
        token_family=OuterRef("refresh_token__token_family"), user=OuterRef("user"), expires_at__gt=at
    )
    return tokens.annotate(
        authorization_id=Subquery(living.values("pk")[:1]),
        reaches_all_companies=Subquery(living.values("reaches_all_companies")[:1]),
    )


def forget_ended_authorizations(*, at: datetime) -> None:
    """Drop those whose year is over: no token of theirs serves any more."""
    DextAuthorization.objects.filter(expires_at__lte=at).delete()


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

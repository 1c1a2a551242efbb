"""« Connecter les comptes MEG et Dext »: the credentials typed in Dext become a pair of tokens, stored hashed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from oauth2_provider.models import AccessToken, Application, RefreshToken, set_token_value
from oauth2_provider.settings import oauth2_settings

from dext_connector.access.authorizations import authorize_login
from dext_connector.access.clients import dext_application
from dext_connector.access.reach import WRITERS
from dext_connector.connections.opening import open_connections
from dext_connector.payloads import Fault, Refused
from firms.models import Company, Firm, Membership, User
from firms.signing_in import authenticate_person


class FirmUnknown(Refused):
    """The user is in no firm of this code."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a login gives: the only moment at which the tokens are readable."""

    access_token: str
    refresh_token: str
    expires_in: int
    connection_expires_at: datetime
    firms: list[Firm]
    companies: list[Company]


def log_in(*, email: str, password: str, firm_code: str, address: str, at: datetime) -> Session:
    """Open the connection of every company that the user may publish to, in `firm_code` where it is given.

    The token itself reaches all that the user may see. Raises WrongCredentials, TooManyAttempts, FirmUnknown.
    """
    user = authenticate_person(email=email, password=password, address=address)
    firms = [seat.firm for seat in _seats(user) if firm_code in {"", seat.firm.code}]
    if firm_code and not firms:
        words = f"Cabinet\u00a0: vous n’êtes membre d’aucun cabinet «\u00a0{firm_code}\u00a0»."
        raise FirmUnknown([Fault(code="unknown_firm", pointer="/firm", value=firm_code, message=words)])
    return _open(user, firms, at)


@transaction.atomic
def _open(user: User, firms: list[Firm], at: datetime) -> Session:
    visible = Company.objects.visible_to(user).filter(firm__in=firms, is_active=True).order_by("id")
    writable = {seat.firm_id for seat in _seats(user) if seat.role in WRITERS}
    ends = open_connections(companies=[row for row in visible if row.firm_id in writable], user=user, at=at)
    access, refresh, lasts = give_tokens(user=user, application=dext_application(), at=at)
    return Session(
        access_token=access,
        refresh_token=refresh,
        expires_in=lasts,
        connection_expires_at=ends,
        firms=firms,
        companies=list(with_books(visible)),
    )


def give_tokens(*, user: User, application: Application, at: datetime) -> tuple[str, str, int]:
    """A new access token that reaches all of the user's companies, its refresh token, and the former's seconds."""
    lasts = oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS
    access_text, refresh_text = token_urlsafe(32), token_urlsafe(32)
    access = AccessToken(
        user=user,
        application=application,
        expires=at + timedelta(seconds=lasts),
        scope=" ".join(oauth2_settings.SCOPES),
    )
    set_token_value(access, access_text)
    access.save()
    family = uuid4()
    authorize_login(user=user, application=application, family=family, at=at)
    refresh = RefreshToken(user=user, application=application, access_token=access, token_family=family)
    set_token_value(refresh, refresh_text)
    refresh.save()
    return access_text, refresh_text, lasts


def with_books(companies: QuerySet[Company]) -> QuerySet[Company]:
    """What `company_answer` reads, in two queries."""
    return companies.select_related("firm", "bookkeeping", "dext_connection").prefetch_related("fiscal_years")


def _seats(user: User) -> list[Membership]:
    return list(user.memberships.filter(is_active=True).select_related("firm").order_by("firm__code"))

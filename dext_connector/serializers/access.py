"""Login and identity in Dext's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oauth2_provider.models import AccessToken

from dext_connector.login import Session
from dext_connector.payloads import Fault, Refused
from dext_connector.serializers.answers import company_answer
from dext_connector.serializers.reading import Reader
from firms.models import Membership


class LoginRefused(Refused):
    """The login lacks a field, or one has the wrong type."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    email: str
    password: str
    firm: str


def read_login(data: dict) -> Credentials:
    """Raises LoginRefused. No fault ever repeats a password."""
    faults: list[Fault] = []
    body = Reader(data, faults)
    email, firm = body.text("email", longest=254, is_required=True), body.text("firm", longest=20)
    password = body.secret("password", longest=1024)
    if faults:
        raise LoginRefused(faults)
    return Credentials(email=email, password=password, firm=firm)


def session_answer(session: Session) -> dict:
    return {
        "access_token": session.access_token,
        "refresh_token": session.refresh_token,
        "token_type": "Bearer",
        "expires_in": session.expires_in,
        "connection_expires_at": session.connection_expires_at.isoformat(),
        "firms": [{"code": firm.code, "name": firm.name} for firm in session.firms],
        "companies": [company_answer(company) for company in session.companies],
    }


def me_answer(token: AccessToken, seats: Iterable[Membership], connection_ends: datetime | None) -> dict:
    return {
        "email": token.user.email,
        "name": token.user.name or None,
        "application": token.application.name if token.application else None,
        "firms": [{"code": seat.firm.code, "name": seat.firm.name, "role": seat.role} for seat in seats],
        "all_companies": token.reaches_all_companies,
        "scopes": token.scope.split(),
        "token_expires_at": token.expires.isoformat(),
        "connection_expires_at": connection_ends.isoformat() if connection_ends else None,
    }

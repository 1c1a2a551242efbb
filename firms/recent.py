"""The last companies of a browser, in a cookie of opaque ids: what one may not see is dropped when it is read."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from firms.models import Company

COOKIE = "dossiers"
KEPT = 5
YEAR_SECONDS = 365 * 86_400


def recent_ids(request: HttpRequest) -> list[UUID]:
    """The ids of the last companies, the newest first."""
    try:
        return [UUID(part) for part in request.COOKIES.get(COOKIE, "").split(".") if part][:KEPT]
    except ValueError:
        return []


def remember_company(request: HttpRequest, response: HttpResponseBase, company: Company) -> None:
    """Put `company` first; nothing is sent where it is already."""
    ids = recent_ids(request)
    if ids[:1] == [company.pk]:
        return
    kept = [company.pk, *(known for known in ids if known != company.pk)][:KEPT]
    response.set_cookie(
        COOKIE,
        ".".join(str(known) for known in kept),
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

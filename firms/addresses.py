"""Where a request comes from, and where MEG itself is reached."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The network address of the caller; behind our proxy, the one that the proxy saw (the last it added)."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR", "")


def site_url(request: HttpRequest) -> str:
    """« https://meg.example », without a slash at its end: what a link in a mail begins with."""
    return (settings.BASE_URL or request.build_absolute_uri("/")).rstrip("/")

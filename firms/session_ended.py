"""A session that ended under the hand: htmx gets the re-login dialog instead of a redirect swapped into a cell."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget


class SessionEndedMiddleware:
    """Turn a redirect to the login page into a 401 that fills `#reconnexion`, for htmx requests only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not getattr(request, "htmx", False) or not leads_to_login(response):
            return response
        dialog = render(request, "firms/relogin.html", status=401)
        return retarget(reswap(dialog, "innerHTML"), "#reconnexion")


def leads_to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers.get("Location", "").startswith(settings.LOGIN_URL)

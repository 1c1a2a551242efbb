"""The frame of the simulator's pages: closed in production, and what goes wrong is said on the next page."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from dext_connector.simulator.account import NoSuchCompany, NotConnected
from dext_connector.simulator.consent import ConsentRefused
from dext_connector.simulator.inbox import UnreadableAmount
from dext_connector.simulator.problems import Refused, TokenRefused
from dext_connector.simulator.publishing import NoSuchItem
from dext_connector.simulator.transport import ApiUnreachable

UNCONNECTED = (ConsentRefused, NotConnected, TokenRefused)
SAID = (*UNCONNECTED, ApiUnreachable, NoSuchCompany, NoSuchItem, Refused, UnreadableAmount)
# Where a deed that was refused comes back to, if not to the inbox.
FORMS = {name: name for name in ("connection", "settings", "account_settings", "activation")} | {
    "consent": "connection",
    "returns_registration": "returns",
    "returns_test": "returns",
    "returns_poll": "returns",
}
View = Callable[..., HttpResponseBase]


def simulator_page(view: View) -> View:
    """A page that no production has; who is not connected comes to the connection."""

    @wraps(view)
    def inner(request: HttpRequest, **path: str) -> HttpResponseBase:
        if settings.PRODUCTION or not settings.DEMO:
            raise Http404("Cette page n’existe pas, ou vous n’y avez pas accès.")
        try:
            return view(request, **path)
        except SAID as error:
            messages.error(request, str(error))
            return redirect(_place_after(request, error))

    return inner


def own_address(request: HttpRequest) -> str:
    """MEG's address: the simulator is served beside it."""
    return request.build_absolute_uri("/").rstrip("/")


def _place_after(request: HttpRequest, error: Exception) -> str:
    """The form that was refused, the connection where there is none, else the inbox."""
    if isinstance(error, UNCONNECTED):
        return "simulator:connection"
    name = request.resolver_match.url_name if request.resolver_match else ""
    return f"simulator:{FORMS.get(name or '', 'inbox') if request.method == 'POST' else 'inbox'}"

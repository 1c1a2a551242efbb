"""OAuth 2 of django-oauth-toolkit, with our consent page: `/oauth/authorize/`, `token/`, `revoke_token/`."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.http import OAuth2ResponseRedirect
from oauth2_provider.models import Application
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from dext_connector.access.consent_form import ConsentForm
from dext_connector.access.reach import publishable_by
from dext_connector.connections.opening import LASTS
from firms.access import person, signed_in

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Readable(View):
    """Refuses (400) what no client writes: NUL characters and broken escapes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        sent = [*request.GET.lists(), *request.POST.lists()]
        if any("\0" in text for name, values in sent for text in (name, *values)):
            raise SuspiciousOperation("NUL in a request of OAuth")
        try:
            return super().dispatch(request, *args, **kwargs)
        except ValueError as error:
            raise SuspiciousOperation("unreadable request of OAuth") from error


@method_decorator(csrf_exempt, name="dispatch")
class TokenView(Readable, views.TokenView):
    pass


@method_decorator(csrf_exempt, name="dispatch")
class RevokeTokenView(Readable, views.RevokeTokenView):
    pass


@method_decorator([signed_in, never_cache], name="dispatch")
class ConsentView(Readable, OAuthLibMixin):
    """`/oauth/authorize/`: what Dext asks for, the choice of companies; then back to Dext. It asks every time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answered(ConsentForm(companies=publishable_by(person(request))))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.answered(ConsentForm(request.POST, companies=publishable_by(person(request))))

    def answered(self, form: ConsentForm) -> HttpResponse:
        try:
            scopes, asked = self.validate_authorization_request(self.request)
            require_s256(asked)
            return self.decided(form, scopes, asked)
        except OAuthToolkitError as error:
            return self.refused(error)

    def decided(self, form: ConsentForm, scopes: list[str], asked: dict) -> HttpResponse:
        deed = self.request.POST.get("geste")
        if deed == "refuser" or (deed == "autoriser" and form.is_valid()):
            asked["companies"] = list(form.cleaned_data["dossiers"]) if deed == "autoriser" else []
            uri, *_ = self.create_authorization_response(
                self.request, scopes=" ".join(scopes), credentials=asked, allow=deed == "autoriser"
            )
            return OAuth2ResponseRedirect(uri, oauth2_settings.ALLOWED_REDIRECT_URI_SCHEMES)
        return self.page(form, scopes, asked)

    def page(self, form: ConsentForm, scopes: list[str], asked: dict) -> HttpResponse:
        application = Application.objects.get(client_id=asked["client_id"])
        form.look()
        context = {
            "form": form,
            "application": application,
            "may": [words for scope, words in oauth2_settings.SCOPES.items() if scope in scopes],
            "until": timezone.localdate(timezone.now() + LASTS),
            "returns_to": urlsplit(asked["redirect_uri"]).hostname,
        }
        status = 422 if form.errors and self.request.POST.get("geste") == "autoriser" else 200
        answer = render(self.request, "dext_connector/consent.html", context, status=status)
        return letting_forms_lead_to({asked["redirect_uri"], *application.redirect_uris.split()}, answer)

    def refused(self, error: OAuthToolkitError) -> HttpResponse:
        """Back to the client with the error; a page where its address cannot be trusted."""
        leads_back, answer = self.error_response(error)
        if leads_back:
            return OAuth2ResponseRedirect(answer["url"], oauth2_settings.ALLOWED_REDIRECT_URI_SCHEMES)
        return render(self.request, "dext_connector/consent_refused.html", {"error": answer["error"]}, status=400)


def require_s256(asked: dict) -> None:
    """Raises OAuthToolkitError where the challenge is not one of PKCE's S256."""
    if asked.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        words = "code_challenge_method must be S256, with the 43 characters of its code_challenge"
        error = InvalidRequestError(description=words, state=asked.get("state"))
        raise OAuthToolkitError(error=error, redirect_uri=asked["redirect_uri"])


def letting_forms_lead_to(addresses: set[str], answer: HttpResponse) -> HttpResponse:
    """`answer` with a policy under which its form may end at the origins of `addresses`, and there alone."""
    origins = sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, addresses)})
    policy = settings.SECURE_CSP | {"form-action": [CSP.SELF, *origins]}
    return csp_override(policy)(lambda request: answer)(None)

"""« Paramétrer l’intégration » and « Paramètres du Compte Automatisés »."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.access.firm_access import firm_of
from dext_connector.calls.api import CompanyView, DextView
from dext_connector.connections.integration import defaults_of, settings_of, update_defaults, update_settings
from dext_connector.serializers.settings import defaults_answer, read_settings, settings_answer
from firms.roles import Right


class SettingsView(CompanyView):
    scopes = {"PUT": "settings:write"}
    rights = {"PUT": Right.WRITE}

    def get(self, request: Request, company_id: str) -> Response:
        return Response(settings_answer(settings_of(self.company)))

    def put(self, request: Request, company_id: str) -> Response:
        sent = read_settings(self.body)
        settings = update_settings(company=self.company, sent=sent, by=self.user, at=timezone.now())
        return Response(settings_answer(settings))


class AccountSettingsView(DextView):
    """The firm's defaults; `?firm=CODE` where the user is in several. None for a consent to some companies."""

    scopes = {"PUT": "settings:write"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.token.reaches_all_companies:
            raise Http404

    def get(self, request: Request) -> Response:
        firm, _ = firm_of(self.user, request.query_params.get("firm", ""))
        return Response(defaults_answer(defaults_of(firm)))

    def put(self, request: Request) -> Response:
        firm, may_change = firm_of(self.user, request.query_params.get("firm", ""))
        if not may_change:
            raise PermissionDenied
        return Response(defaults_answer(update_defaults(firm=firm, sent=read_settings(self.body))))

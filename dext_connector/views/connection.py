"""Who connects, and to what."""

from django.db.models import Min
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.access.reach import seats_of
from dext_connector.calls.api import CompanyView, DextView, list_response
from dext_connector.connections.opening import close_connection, connection_of
from dext_connector.login import log_in, with_books
from dext_connector.models import DextConnection
from dext_connector.reference import COMPANIES
from dext_connector.serializers.access import me_answer, read_login, session_answer
from dext_connector.serializers.answers import company_answer
from firms.addresses import client_address
from firms.models import Company
from firms.roles import Right


class LoginView(DextView):
    """`POST login/`: MEG credentials, typed in Dext, become tokens."""

    authentication_classes = []

    def post(self, request: Request) -> Response:
        credentials = read_login(self.body)
        session = log_in(
            email=credentials.email,
            password=credentials.password,
            firm_code=credentials.firm,
            address=client_address(request._request),
            at=timezone.now(),
        )
        return Response(session_answer(session))


class MeView(DextView):
    """`GET me/`: who, in which firms, with which scopes, and when the first of his connections ends."""

    def get(self, request: Request) -> Response:
        open_ones = DextConnection.objects.filter(
            company__in=self.companies, disconnected_at=None, expires_at__gt=timezone.now()
        )
        ends = open_ones.aggregate(ends=Min("expires_at"))["ends"]
        return Response(me_answer(self.token, seats_of(self.token), ends))


class CompaniesView(DextView):
    def get(self, request: Request) -> Response:
        return list_response(with_books(self.companies), request, company_answer, shown=COMPANIES)


class CompanyDetailView(CompanyView):
    def get(self, request: Request, company_id: str) -> Response:
        return Response(company_answer(with_books(Company.objects.filter(pk=self.company.pk)).get()))


class ConnectionView(CompanyView):
    """`DELETE connection/`: disconnects; what was published stays."""

    scopes = {"DELETE": "settings:write"}
    also_when_ended = {"DELETE"}
    rights = {"DELETE": Right.WRITE}

    def delete(self, request: Request, company_id: str) -> Response:
        close_connection(connection=connection_of(self.company), by=self.user, at=timezone.now())
        return Response(status=204)

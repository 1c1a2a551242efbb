"""What every call has: a reference, a token with its scope, an allowance, its company and right, and its problem."""

from collections.abc import Callable
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dext_connector.access.reach import reachable
from dext_connector.calls.authentication import BearerToken, require_scope
from dext_connector.calls.conditional import Shown, rows_fingerprint, with_etag
from dext_connector.calls.maintenance import check_maintenance
from dext_connector.calls.parsers import StrictJSONParser
from dext_connector.calls.throttling import Allowance, count_call
from dext_connector.connections.opening import check_open, standing_connection
from dext_connector.errors import headers_of, problem_of
from dext_connector.paging import asked_rows, read_page
from firms.access import company_for
from firms.addresses import client_address
from firms.models import Company, CompanyQuerySet, User
from firms.roles import Right, grants

PROBLEM = "application/problem+json"


class DextView(APIView):
    """A call of Dext. `scopes` names the scope of each method, `reference:read` where it has none."""

    authentication_classes = [BearerToken]
    permission_classes = []
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    scopes: ClassVar[dict[str, str]] = {}
    allowance: Allowance | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.request_id = uuid4().hex
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_maintenance()
        self.count(request)
        super().initial(request, *args, **kwargs)
        if request.auth is not None:
            require_scope(request.auth, self.scopes.get(request.method or "", "reference:read"))

    def count(self, request: Request) -> None:
        """Count the call for its token, else for the address that it comes from. Raises TooManyCalls, and as auth."""
        caller = f"address:{client_address(request._request)}"
        try:
            if request.auth is not None:
                caller = f"token:{request.auth.pk}"
        finally:
            self.allowance = count_call(caller)

    def handle_exception(self, exc: Exception) -> Response:
        problem, meaning = problem_of(exc, request_id=self.request_id, base_url=self.base_url)
        headers = headers_of(exc, meaning)
        response = Response(problem, status=meaning.status, content_type=PROBLEM, headers=headers)
        response.exception = True
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["X-Request-Id"] = self.request_id
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in (self.allowance.headers if self.allowance else {}).items():
            response[name] = value
        return response

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @property
    def application(self) -> Application:
        """To whom the token was given."""
        return cast(AccessToken, self.request.auth).application

    @property
    def token(self) -> AccessToken:
        """The token of the call, with its reach (`authorizations.with_reach`)."""
        return self.request.auth

    @property
    def companies(self) -> CompanyQuerySet:
        """The companies that the call may know of: nothing else exists for it."""
        return reachable(self.token)

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object that came: the parser lets nothing else through."""
        return cast(dict[str, Any], self.request.data)

    @property
    def base_url(self) -> str:
        """Where the addresses in answers start."""
        return settings.BASE_URL or self.request.build_absolute_uri("/")


class NothingHere(DextView):
    """An address that the API does not have: a problem, not a page."""

    authentication_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


class CompanyView(DextView):
    """A call on one company. `rights` names the right of each method, reading where it has none.

    A company whose connection has ended answers nothing, but for the methods of `also_when_ended`.
    """

    rights: ClassVar[dict[str, Right]] = {}
    also_when_ended: ClassVar[set[str]] = set()
    company: Company

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.company = self.company_asked()
        if not grants(self.company.role, self.rights.get(request.method or "", Right.READ)):
            raise PermissionDenied
        connection = standing_connection(self.company)
        if connection is not None and request.method not in self.also_when_ended:
            check_open(connection, timezone.now())

    def company_asked(self) -> Company:
        """The company that the address names, as the call may see it. Raises Http404."""
        among = self.companies.select_related("dext_connection")
        return company_for(self.user, uuid_of(self.kwargs["company_id"]), among)


class CompanyListView(CompanyView):
    """A list of a company: `{"items": […], "next_cursor": …}`, in the order of `key`.

    `shown` names the columns that `answer` reads: the ETag changes with them.
    """

    key = "id"
    answer: ClassVar[Callable[[Any], dict]]
    shown: ClassVar[Shown]

    def rows(self) -> QuerySet:
        """Each list says its own."""
        raise NotImplementedError

    def get(self, request: Request, company_id: str) -> Response:
        return list_response(self.rows(), request, type(self).answer, shown=self.shown, key=self.key)


def list_response(
    rows: QuerySet, request: Request, answer: Callable[[Any], dict], *, shown: Shown, key: str = "id"
) -> Response:
    """The page that was asked for, or 304. The fingerprint is taken first: at worst the caller reads once more."""
    fingerprint = rows_fingerprint(asked_rows(rows, request.query_params, key=key)[0], shown)
    return with_etag(request, fingerprint, lambda: list_answer(rows, request, answer, key=key))


def list_answer(rows: QuerySet, request: Request, answer: Callable[[Any], dict], *, key: str = "id") -> dict:
    found: list[Model]
    found, next_cursor = read_page(rows, request.query_params, key=key)
    return {"items": [answer(row) for row in found], "next_cursor": next_cursor}


def uuid_of(text: str) -> UUID:
    """Raises Http404 for what is no id."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error

"""A call that publishes: what it does not create, change or replay is kept, as refused or failed."""

from contextlib import suppress
from datetime import datetime

from django.http import Http404
from django.utils import timezone
from rest_framework.response import Response

from dext_connector.calls.api import PROBLEM, CompanyView
from dext_connector.calls.authentication import ScopeMissing
from dext_connector.calls.throttling import TooManyCalls
from dext_connector.connections.opening import connection_for
from dext_connector.errors import meaning_of
from dext_connector.inbox import keep_problem
from dext_connector.models import DextConnection
from dext_connector.payloads import Sent
from dext_connector.publishing import Publication
from dext_connector.receiving import sent_nothing
from firms.roles import Right


class WritingView(CompanyView):
    """A call that writes purchases."""

    scopes = {"POST": "purchases:write", "PUT": "purchases:write"}
    rights = {"POST": Right.WRITE, "PUT": Right.WRITE}

    def open_connection(self, at: datetime) -> DextConnection:
        """Raises ConnectionEnded."""
        return connection_for(company=self.company, user=self.user, at=at)


class PublishingView(WritingView):
    """`sent` is what came, None while it is unread; `holds_key` says whether its key answers its refusal again."""

    sent: Sent | None = None
    holds_key = True

    def answer(self, publication: Publication, headers: dict[str, str] | None = None) -> Response:
        headers = dict(headers or {})
        if publication.is_replay:
            headers["Idempotent-Replayed"] = "true"
        if publication.etag:
            headers["ETag"] = publication.etag
        media_type = PROBLEM if publication.http_status >= 400 else None
        return Response(publication.answer, status=publication.http_status, headers=headers, content_type=media_type)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if self.request.method in self.scopes and not self.is_dry_run and self.knows_company(exc):
            keep_problem(
                company=self.company,
                sent=self.sent or sent_nothing(self.request, request_id=self.request_id),
                problem=response.data,
                by=self.user,
                at=timezone.now(),
                holds_key=self.holds_key and self.sent is not None and meaning_of(exc).is_kept,
            )
        return response

    def knows_company(self, exc: Exception) -> bool:
        """Whether the call was of a company that its user may see; one held back at the door is looked up here."""
        if isinstance(exc, ScopeMissing | TooManyCalls) and not getattr(exc, "is_runaway", False):
            with suppress(Http404):
                self.company = self.company_asked()
        return hasattr(self, "company")

    @property
    def is_dry_run(self) -> bool:
        return self.request.query_params.get("dry_run", "").lower() in {"true", "1"}

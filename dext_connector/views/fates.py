"""A call that publishes: what it does not create, change or replay is kept, as refused or failed."""

from datetime import datetime

from django.utils import timezone
from rest_framework.response import Response

from dext_connector.api import CompanyView
from dext_connector.connections import connection_for
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
        return Response(publication.answer, status=publication.http_status, headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        is_kept = hasattr(self, "company") and self.request.method in self.scopes and not self.is_dry_run
        if is_kept and response.status_code != 429:
            keep_problem(
                company=self.company,
                sent=self.sent or sent_nothing(self.request, request_id=self.request_id),
                problem=response.data,
                by=self.user,
                at=timezone.now(),
                holds_key=self.holds_key and self.sent is not None and meaning_of(exc).is_kept,
            )
        return response

    @property
    def is_dry_run(self) -> bool:
        return self.request.query_params.get("dry_run", "").lower() in {"true", "1"}

"""« Partager les factures »: publish an item, ask where it stands, withdraw it."""

import logging
from contextlib import suppress

from django.db import DatabaseError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from achats.cancelling import cancel_invoice
from dext_connector.api import CompanyView
from dext_connector.authentication import ScopeMissing
from dext_connector.connections import connection_for
from dext_connector.errors import meaning_of
from dext_connector.inbox import keep_refusal
from dext_connector.parsers import PublishParser, StrictJSONParser
from dext_connector.payloads import Sent
from dext_connector.publishing import Publication, publish_item
from dext_connector.receiving import read_sent, sent_nothing
from dext_connector.serializers.items import read_item, read_reason
from dext_connector.standing import item_of, standing_of
from dext_connector.throttling import TooManyCalls
from firms.roles import Right

logger = logging.getLogger(__name__)


class PublishView(CompanyView):
    """`POST publish/`: one item. What is not created or replayed is kept as refused or failed."""

    parser_classes = [StrictJSONParser, PublishParser]
    scopes = {"POST": "purchases:write"}
    rights = {"POST": Right.WRITE}
    sent: Sent | None = None

    def post(self, request: Request, company_id: str) -> Response:
        at = timezone.now()
        self.sent = read_sent(request, request_id=self.request_id)
        publication = publish_item(
            connection=connection_for(company=self.company, user=self.user, at=at),
            item=read_item(self.sent.payload or {}),
            sent=self.sent,
            by=self.user,
            received_at=at,
            base_url=self.base_url,
            is_dry_run=self.is_dry_run,
        )
        return self.answer(publication)

    def answer(self, publication: Publication) -> Response:
        headers = {"Idempotent-Replayed": "true"} if publication.is_replay else {}
        if publication.http_status == 201 and self.sent:
            kwargs = {"company_id": self.company.pk, "external_id": self.sent.external_id}
            headers["Location"] = reverse("dext_api:item", kwargs=kwargs)
        return Response(publication.answer, status=publication.http_status, headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if not self.is_dry_run and self.knows_company(exc):
            self.keep(exc, response)
        return response

    def knows_company(self, exc: Exception) -> bool:
        """Whether the call was of a company that its user may see; one held back at the door is looked up here."""
        if isinstance(exc, ScopeMissing | TooManyCalls) and not getattr(exc, "is_runaway", False):
            with suppress(Http404):
                self.company = self.company_asked()
        return hasattr(self, "company")

    def keep(self, exc: Exception, response: Response) -> None:
        try:
            keep_refusal(
                company=self.company,
                sent=self.sent or sent_nothing(self.request, request_id=self.request_id),
                http_status=response.status_code,
                answer=response.data,
                by=self.user,
                at=timezone.now(),
                holds_key=self.sent is not None and meaning_of(exc).is_kept,
            )
        except DatabaseError:
            logger.exception("The fate of call %s could not be kept", self.request_id)

    @property
    def is_dry_run(self) -> bool:
        return self.request.query_params.get("dry_run", "").lower() in {"true", "1"}


class ItemView(CompanyView):
    """`GET items/{external_id}/`: where it stands now."""

    def get(self, request: Request, company_id: str, external_id: str) -> Response:
        invoice = item_of(self.company, external_id)
        return Response(standing_of(invoice, base_url=self.base_url, asked_by=self.user))


class CancellationView(CompanyView):
    """`POST items/{external_id}/cancellation/`: withdrawn before posting and match; the row stays, « Annulée »."""

    scopes = {"POST": "purchases:write"}
    rights = {"POST": Right.WRITE}

    def post(self, request: Request, company_id: str, external_id: str) -> Response:
        reason = read_reason(self.body)
        invoice = item_of(self.company, external_id)
        cancelled = cancel_invoice(invoice=invoice, by=self.user, reason=reason, at=timezone.now())
        return Response(standing_of(cancelled, base_url=self.base_url))

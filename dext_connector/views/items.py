"""« Partager les factures »: publish an item, ask where it stands, withdraw it."""

import logging

from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from achats.cancelling import cancel_invoice
from dext_connector.api import PROBLEM, CompanyView
from dext_connector.connections import connection_for
from dext_connector.errors import meaning_of
from dext_connector.inbox import keep_refusal
from dext_connector.parsers import PublishParser, StrictJSONParser
from dext_connector.payloads import Sent
from dext_connector.publishing import Publication, publish_item
from dext_connector.receiving import read_sent, sent_nothing
from dext_connector.serializers.items import read_item, read_reason
from dext_connector.standing import item_of, standing_of
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
        media_type = PROBLEM if publication.http_status >= 400 else None
        return Response(publication.answer, status=publication.http_status, headers=headers, content_type=media_type)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if hasattr(self, "company") and response.status_code != 429 and not self.is_dry_run:
            self.keep(exc, response)
        return response

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
        return Response(standing_of(item_of(self.company, external_id), base_url=self.base_url))


class CancellationView(CompanyView):
    """`POST items/{external_id}/cancellation/`: withdrawn before posting and match; the row stays, « Annulée »."""

    scopes = {"POST": "purchases:write"}
    rights = {"POST": Right.WRITE}

    def post(self, request: Request, company_id: str, external_id: str) -> Response:
        reason = read_reason(self.body)
        invoice = item_of(self.company, external_id)
        cancelled = cancel_invoice(invoice=invoice, by=self.user, reason=reason, at=timezone.now())
        return Response(standing_of(cancelled, base_url=self.base_url))

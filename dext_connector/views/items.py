"""« Partager les factures »: publish items, one or many; ask where one stands, change it, withdraw it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.calls.parsers import BatchParser, PublishParser, StrictJSONParser
from dext_connector.calls.versions import etag_of, names_version
from dext_connector.items.batching import Batching
from dext_connector.items.republishing import republish_item
from dext_connector.items.standing import item_of, standing_of
from dext_connector.items.withdrawing import withdraw_item
from dext_connector.payloads import Sent
from dext_connector.publishing import publish_item
from dext_connector.receiving import digest_of, read_batch, read_sent
from dext_connector.serializers.items import read_item, read_item_at, read_reason
from dext_connector.views.fates import PublishingView, WritingView


class PublishView(PublishingView):
    """`POST publish/`: one item."""

    parser_classes = [StrictJSONParser, PublishParser]

    def post(self, request: Request, company_id: str) -> Response:
        at = timezone.now()
        self.sent = read_sent(request, request_id=self.request_id)
        publication = publish_item(
            connection=self.open_connection(at),
            item=read_item(self.sent.payload or {}),
            sent=self.sent,
            by=self.user,
            received_at=at,
            base_url=self.base_url,
            is_dry_run=self.is_dry_run,
        )
        kwargs = {"company_id": self.company.pk, "external_id": self.sent.external_id}
        is_created = publication.http_status == 201
        return self.answer(publication, {"Location": reverse("dext_api:item", kwargs=kwargs)} if is_created else {})


class BatchView(PublishingView):
    """`POST publish/batch/`: 1 to 100 items, one result each; what refuses the whole is kept as one reception."""

    parser_classes = [BatchParser]
    holds_key = False

    def post(self, request: Request, company_id: str) -> Response:
        at = timezone.now()
        self.sent = Sent(payload=self.body, digest=digest_of(self.body), request_id=self.request_id)
        answer = Batching(
            connection=self.open_connection(at),
            batch=read_batch(request, request_id=self.request_id),
            by=self.user,
            at=at,
            base_url=self.base_url,
            is_dry_run=self.is_dry_run,
        ).publish_all()
        headers = {"Idempotent-Replayed": "true"} if answer.is_replay else {}
        return Response({"results": answer.results}, status=207, headers=headers)


class ItemView(PublishingView):
    """`GET items/{external_id}/`: where it stands now; `PUT`: it comes again, changed."""

    parser_classes = [StrictJSONParser, PublishParser]

    def get(self, request: Request, company_id: str, external_id: str) -> Response | HttpResponse:
        invoice = item_of(self.company, external_id)
        answer = standing_of(invoice, base_url=self.base_url, asked_by=self.user)
        etag = etag_of(invoice, answer)
        if names_version(request.headers.get("If-None-Match", ""), etag):
            return HttpResponse(status=304, headers={"ETag": etag})
        return Response(answer, headers={"ETag": etag})

    def put(self, request: Request, company_id: str, external_id: str) -> Response:
        at = timezone.now()
        self.sent = read_sent(request, request_id=self.request_id, at=external_id)
        publication = republish_item(
            connection=self.open_connection(at),
            item=read_item_at(external_id, self.sent.payload or {}),
            sent=self.sent,
            if_match=request.headers.get("If-Match", ""),
            by=self.user,
            received_at=at,
            base_url=self.base_url,
            is_dry_run=self.is_dry_run,
        )
        return self.answer(publication)


class CancellationView(WritingView):
    """`POST items/{external_id}/cancellation/`: withdrawn before posting and match; the row stays, « Annulée »."""

    def post(self, request: Request, company_id: str, external_id: str) -> Response:
        at, reason = timezone.now(), read_reason(self.body)
        self.open_connection(at)
        invoice = item_of(self.company, external_id)
        cancelled = withdraw_item(invoice=invoice, reason=reason, by=self.user, at=at)
        return Response(standing_of(cancelled, base_url=self.base_url))

"""The image of an item, alone: late, or again."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.calls.parsers import FileParser, PublishParser
from dext_connector.calls.versions import etag_of
from dext_connector.items.attaching import attach_to_item
from dext_connector.items.standing import standing_of
from dext_connector.receiving import read_document
from dext_connector.views.fates import WritingView


class DocumentView(WritingView):
    """`POST items/{external_id}/document/`: 201, or 200 where the item had that file; the entry is not touched."""

    parser_classes = [PublishParser, FileParser]

    def post(self, request: Request, company_id: str, external_id: str) -> Response:
        at = timezone.now()
        self.open_connection(at)
        sent = read_document(request)
        invoice, is_new = attach_to_item(company=self.company, external_id=external_id, sent=sent, by=self.user, at=at)
        answer = standing_of(invoice, base_url=self.base_url)
        return Response(answer, status=201 if is_new else 200, headers={"ETag": etag_of(invoice, answer)})

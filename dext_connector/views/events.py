"""`GET events/`: what happened, to poll."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.calls.api import DextView
from dext_connector.feed import read_feed
from dext_connector.models import PublicKind
from dext_connector.paging import read_limit
from dext_connector.serializers.events import event_answer, read_position


class EventsView(DextView):
    """The companies that the token may see, oldest first; `next_cursor` is never null, for more will come."""

    def get(self, request: Request) -> Response:
        found, position = read_feed(
            companies=self.companies,
            kinds=PublicKind.values,
            after=read_position(request.query_params),
            limit=read_limit(request.query_params),
            at=timezone.now(),
        )
        return Response({"items": [event_answer(event) for event in found], "next_cursor": str(position)})

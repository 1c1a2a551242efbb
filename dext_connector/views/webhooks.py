"""Where Dext wants to be told: registered, tested, renewed, deleted; the call itself is never made here."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.calls.api import DextView, list_answer
from dext_connector.models import Webhook, WebhookDelivery
from dext_connector.serializers.webhooks import delivery_answer, read_webhook, webhook_answer, webhook_with_secret
from dext_connector.webhooks.registering import ask_for_test, register_webhook, renew_secret, webhook_of


class WebhooksView(DextView):
    scopes = {"POST": "settings:write"}

    def get(self, request: Request) -> Response:
        rows: QuerySet = Webhook.objects.filter(user=self.user, application=self.application)
        return Response(list_answer(rows, request, webhook_answer))

    def post(self, request: Request) -> Response:
        sent = read_webhook(self.body)
        webhook = register_webhook(
            user=self.user,
            application=self.application,
            url=sent.url,
            kinds=sent.kinds,
            at=timezone.now(),
        )
        headers = {"Location": reverse("dext_api:webhook", kwargs={"webhook_id": webhook.pk})}
        return Response(webhook_with_secret(webhook), status=201, headers=headers)


class OneWebhookView(DextView):
    """A call on one webhook of the token's user and application; another's is 404."""

    webhook: Webhook

    def initial(self, request: Request, *args: object, **kwargs: str) -> None:
        super().initial(request, *args, **kwargs)
        try:
            webhook_id = UUID(kwargs["webhook_id"])
        except ValueError as error:
            raise Http404 from error
        self.webhook = webhook_of(user=self.user, application=self.application, webhook_id=webhook_id)


class WebhookView(OneWebhookView):
    scopes = {"DELETE": "settings:write"}

    def get(self, request: Request, webhook_id: str) -> Response:
        return Response(webhook_answer(self.webhook))

    def delete(self, request: Request, webhook_id: str) -> Response:
        self.webhook.delete()
        return Response(status=204)


class TestView(OneWebhookView):
    """`POST test/`: a call that tells of nothing; where it went stands in `deliveries/`."""

    scopes = {"POST": "settings:write"}

    def post(self, request: Request, webhook_id: str) -> Response:
        return Response(delivery_answer(ask_for_test(webhook=self.webhook, at=timezone.now())), status=202)


class SecretView(OneWebhookView):
    """`POST secret/`: another secret; the old one signs beside it for a day."""

    scopes = {"POST": "settings:write"}

    def post(self, request: Request, webhook_id: str) -> Response:
        return Response(webhook_with_secret(renew_secret(webhook=self.webhook, at=timezone.now())))


class DeliveriesView(OneWebhookView):
    """`GET deliveries/`: of the last 30 days, oldest first."""

    def get(self, request: Request, webhook_id: str) -> Response:
        rows: QuerySet = WebhookDelivery.objects.filter(webhook=self.webhook).select_related("event")
        return Response(list_answer(rows, request, delivery_answer))

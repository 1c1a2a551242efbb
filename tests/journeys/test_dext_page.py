"""What an accountant sees of what Dext is told, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from dext_connector.access.clients import dext_application
from dext_connector.login import give_tokens
from dext_connector.models import PublicKind, Webhook, WebhookDelivery
from firms.events import record_event
from firms.models import Company, User

pytestmark = pytest.mark.django_db(transaction=True)


def webhook(person: User, host: str, **fields) -> Webhook:
    return Webhook.objects.create(
        user=person,
        application=dext_application(),
        url=f"https://{host}/meg",
        kinds=PublicKind.values,
        created_at=timezone.now(),
        **fields,
    )


def test_where_dext_is_told_and_what_to_do_where_it_does_not_answer(
    signed_in: Page, live_server, company: Company, person: User, assert_accessible: Callable[[], None]
):
    now = timezone.now()
    give_tokens(user=person, application=dext_application(), at=now)  # the connection that asked to be told
    told = webhook(person, "hooks.dext.example")
    event = record_event(company=company, kind="purchase.settled", subject_id=company.pk)
    WebhookDelivery.objects.create(
        webhook=told,
        company=company,
        event=event,
        state="delivered",
        attempts=1,
        first_attempt_at=now,
        delivered_at=now,
        last_status=200,
        created_at=now,
    )
    webhook(person, "anciens-retours.dext.example", disabled_at=now, disabled_because="le serveur a répondu 503")
    signed_in.goto(live_server.url + reverse("dext_connector:connection", args=[company.pk]))
    section = signed_in.get_by_role("region", name="Retours vers Dext")
    expect(section).to_contain_text("hooks.dext.example, demandé par")
    expect(section).to_contain_text("Livré")
    expect(section).to_contain_text("anciens-retours.dext.example ne répond plus (le serveur a répondu 503)")
    assert_accessible()
    signed_in.set_viewport_size({"width": 320, "height": 700})
    assert signed_in.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

"""What MEG tells Dext: events to poll, webhooks to be called at."""

from dext_connector.description.operation import CURSOR, FOLLOW, LIMIT, Answer, Operation
from dext_connector.description.shapes import (
    FLAG,
    ID,
    MOMENT,
    TEXT,
    WHOLE,
    array,
    body,
    listing,
    nullable,
    one_of,
    record,
    ref,
    text,
)
from dext_connector.models import DeliveryState, PublicKind

KIND = one_of(*PublicKind.values)
WEBHOOK = {
    "id": ID,
    "url": TEXT,
    "kinds": array(KIND),
    "active": FLAG,
    "created_at": MOMENT,
    "disabled_at": nullable(MOMENT),
    "disabled_because": nullable(TEXT),
}
SECRET = TEXT | {"description": "Shown this once: it signs what MEG sends."}
SCHEMAS = {
    "Event": record(
        id=ID,
        kind=TEXT | {"examples": [PublicKind.SETTLED.value], "description": "Others may be added: ignore them."},
        company_id=ID,
        subject_id=ID,
        external_id=nullable(TEXT),
        at=MOMENT,
    ),
    "Webhook": record(**WEBHOOK),
    "WebhookWithSecret": record(**WEBHOOK, secret=SECRET),
    "SentWebhook": body("url", url=text(2_000, shortest=1), kinds=array(KIND)),
    "Delivery": record(
        id=ID,
        event_id=nullable(ID),
        kind=TEXT,
        company_id=nullable(ID),
        state=one_of(*DeliveryState.values),
        attempts=WHOLE,
        next_attempt_at=nullable(MOMENT),
        delivered_at=nullable(MOMENT),
        last_status=nullable(WHOLE),
        error=nullable(TEXT),
        created_at=MOMENT,
    ),
}
ONE = "webhooks/{webhook_id}/"
PAGE = (LIMIT, CURSOR)
SENT = {"url": "https://app.dext.example/meg/events", "kinds": [PublicKind.SETTLED.value]}
EVENTS = record(items=array(ref("Event")), next_cursor=TEXT | {"description": "Never null: ask with it next time."})

OPERATIONS = {
    ("GET", "events/"): Operation(
        id="listEvents",
        tag=FOLLOW,
        summary="What happened in the token's companies, oldest first, of the last 30 days",
        parameters=PAGE,
        answers={200: Answer("What came after the cursor; nothing for now where it is empty.", EVENTS)},
        refusals=(422,),
    ),
    ("GET", "webhooks/"): Operation(
        id="listWebhooks",
        tag=FOLLOW,
        summary="The webhooks of the token's user and application",
        parameters=PAGE,
        answers={200: Answer("One page.", listing(ref("Webhook")))},
        refusals=(422,),
    ),
    ("POST", "webhooks/"): Operation(
        id="createWebhook",
        tag=FOLLOW,
        summary="Be told at an address, of these kinds or of all",
        scope="settings:write",
        request=ref("SentWebhook"),
        example=SENT,
        answers={201: Answer("Registered.", ref("WebhookWithSecret"), headers={"Location": "Where it stands."})},
        refusals=(409,),
    ),
    ("GET", ONE): Operation(
        id="getWebhook", tag=FOLLOW, summary="One webhook", answers={200: Answer("The webhook.", ref("Webhook"))}
    ),
    ("DELETE", ONE): Operation(
        id="deleteWebhook",
        tag=FOLLOW,
        summary="Be told no more; what waits is dropped",
        scope="settings:write",
        answers={204: Answer("Gone.")},
    ),
    ("POST", f"{ONE}test/"): Operation(
        id="testWebhook",
        tag=FOLLOW,
        summary="Be called once, soon, with an event of the kind `webhook.test`",
        scope="settings:write",
        answers={202: Answer("It will be sent.", ref("Delivery"))},
    ),
    ("POST", f"{ONE}secret/"): Operation(
        id="renewWebhookSecret",
        tag=FOLLOW,
        summary="Another secret; for 24 hours the old one signs beside it",
        scope="settings:write",
        answers={200: Answer("The webhook with its new secret.", ref("WebhookWithSecret"))},
    ),
    ("GET", f"{ONE}deliveries/"): Operation(
        id="listWebhookDeliveries",
        tag=FOLLOW,
        summary="What was sent in the last 30 days, oldest first",
        parameters=PAGE,
        answers={200: Answer("One page.", listing(ref("Delivery")))},
        refusals=(422,),
    ),
}

"""« Partager les factures »: the item that Dext publishes, and what it is answered."""

from dext_connector.description.operation import DRY_RUN, KEY, PUBLISH, Answer, Operation
from dext_connector.description.shapes import (
    ADDRESS,
    AMOUNT,
    DAY,
    FLAG,
    ID,
    POSITIVE,
    TEXT,
    WHOLE,
    Schema,
    array,
    body,
    decimal,
    nullable,
    one_of,
    record,
    ref,
    text,
)

COMPANY = "companies/{company_id}/"
ITEM = f"{COMPANY}items/{{external_id}}/"
REASON = record(code=TEXT, message=TEXT)
EXTERNAL_ID = text(128, shortest=1, pattern="^[A-Za-z0-9._:-]{1,128}$", example="RB-88213")
CURRENCY = text(3, pattern="^[A-Z]{3}$", example="EUR")
KINDS = one_of("invoice", "credit_note", "receipt")

ALWAYS_SENT = ("type", "date", "supplier", "currency", "total")
FIELDS = {
    "external_id": EXTERNAL_ID,
    "type": KINDS,
    "date": DAY,
    "due_date": DAY,
    "reference": text(100),
    "supplier": ref("NamedSupplier"),
    "account": text(20),
    "vat_code": text(20),
    "currency": CURRENCY,
    "total": POSITIVE,
    "vat_amount": POSITIVE,
    "net": POSITIVE,
    "vat_breakdown": array(ref("VatShare"), most=20),
    "lines": array(ref("Line"), most=500),
    "payment_method": ref("NamedPaymentMethod"),
    "owner": body(email=text(254), name=text(120)),
    "paid": FLAG,
    "payment_date": DAY,
    "description": text(500),
    "note": text(10_000),
    "source_url": text(500, pattern=r"^https?://\S+$"),
    "document_url": text(2_000, pattern=r"^https://\S+$"),
    "base_currency": CURRENCY,
    "base_total": POSITIVE,
    "exchange_rate": decimal(digits=10, places=8, is_signed=False, example="1.10"),
    "credited_reference": text(100),
    "allow_duplicate": FLAG,
    "auto_published": FLAG,
}

SCHEMAS = {
    "Line": body(
        label=text(300),
        account=text(20),
        vat_code=text(20),
        net=AMOUNT,
        vat_amount=AMOUNT,
        total=AMOUNT,
        quantity=decimal(digits=10, places=4, example="1"),
        unit_price=decimal(digits=10, places=6, example="4.85"),
    ),
    "VatShare": body(rate=decimal(digits=3, example="20.00"), base=AMOUNT, amount=AMOUNT),
    "NamedSupplier": {
        "anyOf": [
            body("id", id=text(40, shortest=1)),
            body("name", name=text(200, shortest=1), siren=text(20), vat_number=text(20)),
        ]
    },
    "NamedPaymentMethod": {"anyOf": [body("id", id=text(40, shortest=1)), body("label", label=text(80, shortest=1))]},
    "Item": body("external_id", *ALWAYS_SENT, **FIELDS),
    "ItemAgain": body(*ALWAYS_SENT, **FIELDS),
    "Match": record(
        state=one_of("auto", "suggested", "confirmed"),
        amount=AMOUNT,
        transaction=record(id=ID, date=DAY, label=TEXT, amount=AMOUNT),
        reasons=array(TEXT),
    ),
    "Document": record(id=ID, filename=TEXT, media_type=TEXT, size=WHOLE, sha256=TEXT),
    "Standing": record(
        id=nullable(ID),
        external_id=TEXT,
        type=KINDS,
        status=one_of("not_ready", "ready", "posted", "cancelled"),
        reasons=array(REASON),
        settlement=one_of("unsettled", "partial", "settled"),
        match=nullable(ref("Match")),
        warnings=array(REASON),
        web_url=nullable(ADDRESS),
        document=nullable(ref("Document")),
        at_times={"moved_to": nullable(ref("Moved"))},
    ),
    "Moved": record(company=ID, id=ID, web_url=ADDRESS),
}
STARBUCKS = {
    "external_id": "RB-88213",
    "type": "receipt",
    "date": "2019-09-25",
    "supplier": {"name": "Starbucks"},
    "currency": "EUR",
    "total": "4.85",
    "vat_amount": "0.44",
    "account": "62570000",
    "payment_method": {"label": "Paiement Pro (1234)"},
}
FILE = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
REPLAYED = {"Idempotent-Replayed": "`true` where this is the first answer again."}
FIRST = REPLAYED | {"ETag": "To send as `If-Match`; a first answer that comes again has none."}


def with_document(item: str) -> Schema:
    """The multipart body of an item, which is the schema of this name, and its document."""
    return {"type": "object", "properties": {"item": ref(item), "document": FILE}, "required": ["item"]}


OPERATIONS = {
    ("POST", f"{COMPANY}publish/"): Operation(
        id="publishItem",
        tag=PUBLISH,
        summary="Publish one item, alone or with its document",
        description="Refused only for what must be mended in Dext; what a person can mend in MEG is a warning.",
        scope="purchases:write",
        parameters=(KEY, DRY_RUN),
        request=ref("Item"),
        multipart=with_document("Item"),
        example=STARBUCKS,
        answers={
            200: Answer("Checked; nothing was stored.", ref("Standing")),
            201: Answer("Published.", ref("Standing"), headers={"Location": "Where the item stands."} | FIRST),
        },
        refusals=(409,),
    ),
}

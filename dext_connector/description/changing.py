"""« Partager les factures », many at once or one again: batches, changes, documents, withdrawals."""

from dext_connector.description.operation import DRY_RUN, KEY, PUBLISH, Answer, Operation, parameter
from dext_connector.description.publishing import COMPANY, FILE, FIRST, ITEM, REPLAYED, STARBUCKS, with_document
from dext_connector.description.shapes import TEXT, WHOLE, array, body, nullable, record, ref, text

SCHEMAS = {
    "Batch": {
        "type": "object",
        "properties": {"items": array(ref("Item"), most=100) | {"minItems": 1}},
        "required": ["items"],
    },
    "Result": record(
        external_id=nullable(TEXT),
        http_status=WHOLE,
        at_times={"result": ref("Standing"), "problem": ref("Problem")},
    ),
}
IF_MATCH = parameter("If-Match", TEXT, "The `ETag` of the item as Dext last read it; without it 428.", place="header")
NAME = parameter(
    "Content-Disposition",
    TEXT | {"examples": ['attachment; filename="ticket.pdf"']},
    "The name of the file.",
    place="header",
)

OPERATIONS = {
    ("POST", f"{COMPANY}publish/batch/"): Operation(
        id="publishBatch",
        tag=PUBLISH,
        summary="Publish 1 to 100 items; each is refused or published for itself",
        description="Each item is what `publish/` reads, without its document; 10 MiB in all. The key stands for all.",
        scope="purchases:write",
        parameters=(KEY, DRY_RUN),
        request=ref("Batch"),
        example={"items": [STARBUCKS]},
        answers={207: Answer("One result an item, in order.", record(results=array(ref("Result"))), headers=REPLAYED)},
        refusals=(409,),
    ),
    ("PUT", ITEM): Operation(
        id="putItem",
        tag=PUBLISH,
        summary="Publish an item again, changed, while it is neither posted nor matched nor cancelled",
        description="The body is that of `publish/`; its `external_id` may be left out.",
        scope="purchases:write",
        parameters=(KEY, IF_MATCH, DRY_RUN),
        request=ref("ItemAgain"),
        multipart=with_document("ItemAgain"),
        example=STARBUCKS,
        answers={200: Answer("Changed.", ref("Standing"), headers=FIRST)},
        refusals=(409, 412, 428),
    ),
    ("POST", f"{ITEM}document/"): Operation(
        id="attachDocument",
        tag=PUBLISH,
        summary="The image alone, late or again; the entry is not touched",
        scope="purchases:write",
        parameters=(NAME,),
        multipart={"type": "object", "properties": {"document": FILE}, "required": ["document"]},
        file=FILE,
        has_etag=True,
        answers={
            200: Answer("The item had this file.", ref("Standing")),
            201: Answer("Joined.", ref("Standing")),
        },
        refusals=(409,),
    ),
    ("POST", f"{ITEM}cancellation/"): Operation(
        id="cancelItem",
        tag=PUBLISH,
        summary="Withdraw an item that is neither posted nor matched; its row stays",
        scope="purchases:write",
        request=body("reason", reason=text(200, shortest=1)),
        example={"reason": "Publiée deux fois"},
        answers={200: Answer("Withdrawn.", ref("Standing"))},
        refusals=(409,),
    ),
}

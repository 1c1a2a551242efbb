"""What becomes of the items, what Dext's own matching needs, and this description itself."""

from dext_connector.description.operation import (
    DESCRIPTION,
    FOLLOW,
    KNOWN,
    Answer,
    Operation,
    list_operation,
    parameter,
)
from dext_connector.description.publishing import COMPANY, ITEM
from dext_connector.description.shapes import AMOUNT, DAY, ID, TEXT, one_of, record, ref

SCHEMAS = {
    "BankTransaction": record(
        id=ID, date=DAY, label=TEXT, amount=AMOUNT, currency=TEXT | {"examples": ["EUR"]}, account=ref("BankAccount")
    ),
}
UNMATCHED = parameter("unmatched", one_of("true"), "MEG gives no other lines.")

OPERATIONS = {
    ("GET", ITEM): Operation(
        id="getItem",
        tag=FOLLOW,
        summary="Where an item stands now",
        description="`If-Match` names its `ETag`. `moved_to` stands where MEG moved it to another company.",
        parameters=(KNOWN,),
        has_etag=True,
        answers={200: Answer("The same body as the publish was answered.", ref("Standing"))},
    ),
    ("GET", f"{COMPANY}bank-transactions/"): list_operation(
        "listBankTransactions",
        FOLLOW,
        "The bank lines that no match explains",
        of="BankTransaction",
        scope="bank:read",
        parameters=(UNMATCHED,),
    ),
    ("GET", "schema/"): Operation(
        id="getSchema",
        tag=DESCRIPTION,
        summary="The API in OpenAPI 3.1, as JSON or, asked for `application/yaml`, as YAML",
        is_public=True,
        parameters=(KNOWN,),
        has_etag=True,
        answers={200: Answer("The description.", {"type": "object"})},
    ),
}

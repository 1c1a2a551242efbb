"""The reference lists, their versions, and the settings of an integration."""

from dext_connector.description.operation import KNOWN, LISTS, Answer, Operation, list_operation, parameter
from dext_connector.description.shapes import (
    DAY,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    WHOLE,
    array,
    body,
    decimal,
    listing,
    nullable,
    one_of,
    record,
    ref,
    text,
)

COMPANY = "companies/{company_id}/"
CODE = TEXT | {"examples": ["62570000"]}
KINDS = ("deductible", "non_deductible", "reverse_charge", "intra_eu", "import", "exempt", "none")
MEANS = ("card", "deferred_card", "transfer", "debit", "cheque", "cash", "personal")
VERSION = TEXT | {"examples": ["9f86d081884c7d659a2feaa0c55ad015"]}
# What the rule of a supplier says; all null where there is none.
RULE = {
    "account": nullable(CODE),
    "vat_code": nullable(TEXT),
    "payment_method": nullable(TEXT),
    "due_days": nullable(WHOLE),
    "description": nullable(TEXT),
    "paid": FLAG,
}
SWITCHES = {"vat_by_line": FLAG, "use_supplier_vat_rate": FLAG}
MARKERS = {"vat_marker": nullable(TEXT), "no_vat_marker": nullable(TEXT)}
SETTINGS = record(publish_destination=nullable(one_of("achats")), **SWITCHES, **MARKERS, updated_at=MOMENT)

SCHEMAS = {
    "Destination": record(code=one_of("achats"), label=TEXT),
    "Account": record(code=CODE, label=TEXT, active=FLAG, purchase_allowed=FLAG, default_vat_code=nullable(TEXT)),
    "VatCode": record(
        code=TEXT | {"examples": ["TVA20"]},
        label=TEXT,
        rate=nullable(decimal(digits=3, is_signed=False, example="20.00")),
        kind=one_of(*KINDS),
        deductible_percent=WHOLE,
        active=FLAG,
        may_be_marker=FLAG,
        may_be_no_vat=FLAG,
        valid_from=nullable(DAY),
        valid_until=nullable(DAY),
    ),
    "BankAccount": record(id=ID, label=TEXT, last_four=nullable(TEXT)),
    "PaymentMethod": record(
        id=ID,
        label=TEXT | {"examples": ["Paiement Pro (1234)"]},
        last_four=nullable(TEXT),
        kind=one_of(*MEANS),
        active=FLAG,
        bank_account=nullable(ref("BankAccount")),
        person=nullable(ref("Person")),
    ),
    "Person": record(name=TEXT, email=nullable(TEXT), account=nullable(CODE)),
    "Supplier": record(
        id=ID,
        name=TEXT,
        aliases=array(TEXT),
        siren=nullable(TEXT),
        vat_number=nullable(TEXT),
        ledger_code=nullable(TEXT),
        active=FLAG,
        defaults=record(**RULE),
    ),
    "Versions": record(
        destinations=VERSION,
        accounts=VERSION,
        vat_codes=VERSION,
        suppliers=VERSION,
        payment_methods=VERSION,
        supplier_rules=VERSION,
        settings=VERSION,
    ),
    "Settings": SETTINGS,
    "AccountSettings": record(firm=TEXT, **SETTINGS["properties"]),
    "SentSettings": body(
        "publish_destination",
        "vat_marker",
        "no_vat_marker",
        publish_destination=one_of("achats"),
        vat_marker=text(20, shortest=1),
        no_vat_marker=text(20, shortest=1),
        **SWITCHES,
    ),
}
SENT = {"publish_destination": "achats", "vat_by_line": True, "vat_marker": "TVA20", "no_vat_marker": "SANS"}
FIRM = parameter("firm", {"type": "string", "maxLength": 20}, "The code of the firm, where the user is in several.")

OPERATIONS = {
    ("GET", f"{COMPANY}destinations/"): Operation(
        id="listDestinations",
        tag=LISTS,
        summary="Where purchases may be published",
        parameters=(KNOWN,),
        has_etag=True,
        answers={200: Answer("The whole list.", listing(ref("Destination")))},
    ),
    ("GET", f"{COMPANY}accounts/"): list_operation("listAccounts", LISTS, "The chart of accounts", of="Account"),
    ("GET", f"{COMPANY}vat-codes/"): list_operation("listVatCodes", LISTS, "The VAT codes", of="VatCode"),
    ("GET", f"{COMPANY}payment-methods/"): list_operation(
        "listPaymentMethods", LISTS, "The payment methods, each with its bank account or its person", of="PaymentMethod"
    ),
    ("GET", f"{COMPANY}suppliers/"): list_operation("listSuppliers", LISTS, "The suppliers", of="Supplier"),
    ("GET", f"{COMPANY}reference/version/"): Operation(
        id="getReferenceVersion",
        tag=LISTS,
        summary="One version a list: it changes when, and only when, the list does",
        parameters=(KNOWN,),
        has_etag=True,
        answers={200: Answer("The versions.", ref("Versions"))},
    ),
    ("GET", f"{COMPANY}settings/"): Operation(
        id="getSettings",
        tag=LISTS,
        summary="The five settings of the integration",
        answers={200: Answer("The settings.", ref("Settings"))},
    ),
    ("PUT", f"{COMPANY}settings/"): Operation(
        id="putSettings",
        tag=LISTS,
        summary="Replace the settings; a switch that does not come stays",
        scope="settings:write",
        request=ref("SentSettings"),
        example=SENT,
        answers={200: Answer("The settings.", ref("Settings"))},
    ),
    ("GET", "account-settings/"): Operation(
        id="getAccountSettings",
        tag=LISTS,
        summary="What the firm's companies created afterwards start with",
        parameters=(FIRM,),
        answers={200: Answer("The defaults.", ref("AccountSettings"))},
        refusals=(422,),
    ),
    ("PUT", "account-settings/"): Operation(
        id="putAccountSettings",
        tag=LISTS,
        summary="Replace what the firm's companies created afterwards start with",
        scope="settings:write",
        parameters=(FIRM,),
        request=ref("SentSettings"),
        example=SENT,
        answers={200: Answer("The defaults.", ref("AccountSettings"))},
    ),
}

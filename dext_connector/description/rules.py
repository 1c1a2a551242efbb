"""« Activer l'intégration », the live rules of suppliers, and the suppliers one by one."""

from dext_connector.description.lists import CODE, COMPANY, RULE
from dext_connector.description.operation import LISTS, Answer, Operation, list_operation, parameter
from dext_connector.description.shapes import (
    ADDRESS,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    WHOLE,
    array,
    body,
    decimal,
    nullable,
    one_of,
    record,
    ref,
    text,
)

DAYS = {"type": "integer", "minimum": 0, "maximum": 365}
RATE = decimal(digits=3, is_signed=False, example="20.00")
SENT_RULE = {
    "account": text(20),
    "vat_code": text(20),
    "payment_method": ref("NamedPaymentMethod"),
    "due_days": DAYS,
    "description": text(200),
    "paid": FLAG,
}
SCHEMAS = {
    "RuleOfDext": body(
        "supplier",
        "account",
        supplier=text(200, shortest=1),
        account=text(140, shortest=1),
        vat_rate=RATE,
        payment_method=text(80),
        due_days=DAYS,
        description=text(200),
        paid=FLAG,
    ),
    "ArchivedRule": record(
        id=nullable(ID),
        supplier=TEXT,
        account=TEXT | {"description": "As Dext has it."},
        vat_rate=nullable(RATE),
        payment_method=nullable(TEXT),
        due_days=nullable(WHOLE),
        description=nullable(TEXT),
        paid=FLAG,
        proposal=nullable(ref("Proposal")),
        reason=TEXT | {"description": "One French sentence: why this account, or why none."},
        state=one_of("undecided", "taken", "ignored"),
        taken_account=nullable(CODE),
    ),
    "Proposal": record(account=CODE, label=TEXT, basis=one_of("code", "number", "label", "use")),
    "Activation": record(
        generation=WHOLE,
        archived_at=nullable(MOMENT),
        notice=TEXT | {"description": "One French sentence for Dext's user."},
        count=WHOLE,
        proposed_count=WHOLE,
        rules=array(ref("ArchivedRule")),
        web_url=ADDRESS,
    ),
    "SupplierRule": record(
        id=ID,
        supplier=record(id=ID, name=TEXT),
        **RULE | {"payment_method": nullable(record(id=ID, label=TEXT)), "updated_at": MOMENT},
    ),
    "SentSupplierRule": body("supplier", supplier=ref("NamedSupplier"), **SENT_RULE),
    "ChangedSupplierRule": body(supplier=ref("NamedSupplier"), **SENT_RULE),
    "SentSupplier": body(
        "name",
        name=text(200, shortest=1),
        aliases=array(text(200), most=50),
        siren=text(20, example="552032534"),
        vat_number=text(20),
    ),
}
RULES, ONE_RULE = f"{COMPANY}supplier-rules/", f"{COMPANY}supplier-rules/{{rule_id}}/"
PLACE = {"Location": "Where it stands."}
RIGHT = {"supplier": {"name": "Starbucks"}, "account": "62570000", "vat_code": "TVA20"}
LOOK_ONLY = parameter("dry_run", {"type": "boolean", "default": False}, "Answer the same, store nothing.")

OPERATIONS = {
    ("POST", f"{COMPANY}activation/"): Operation(
        id="activate",
        tag=LISTS,
        summary="Activate the integration: Dext's rules are archived, each with the account that MEG proposes",
        scope="settings:write",
        parameters=(LOOK_ONLY,),
        request=body(rules=array(ref("RuleOfDext"), most=5_000)),
        example={"rules": [{"supplier": "Starbucks", "account": "6257 Réceptions"}]},
        answers={200: Answer("What was archived, or would be.", ref("Activation"))},
    ),
    ("GET", RULES): list_operation("listSupplierRules", LISTS, "The live rules, one a supplier", of="SupplierRule"),
    ("POST", RULES): Operation(
        id="createSupplierRule",
        tag=LISTS,
        summary="The rule of a supplier that has none",
        scope="settings:write",
        request=ref("SentSupplierRule"),
        example=RIGHT,
        answers={
            200: Answer("The supplier's rule says this already.", ref("SupplierRule"), headers=PLACE),
            201: Answer("Made.", ref("SupplierRule"), headers=PLACE),
        },
        refusals=(409,),
    ),
    ("GET", ONE_RULE): Operation(
        id="getSupplierRule", tag=LISTS, summary="One rule", answers={200: Answer("The rule.", ref("SupplierRule"))}
    ),
    ("PUT", ONE_RULE): Operation(
        id="putSupplierRule",
        tag=LISTS,
        summary="Replace all of a rule but its supplier",
        scope="settings:write",
        request=ref("ChangedSupplierRule"),
        example={"account": "62570000", "due_days": 30},
        answers={200: Answer("Changed.", ref("SupplierRule"))},
    ),
    ("DELETE", ONE_RULE): Operation(
        id="deleteSupplierRule",
        tag=LISTS,
        summary="End a rule; what it gave stays",
        scope="settings:write",
        answers={204: Answer("Gone.")},
    ),
    ("POST", f"{COMPANY}suppliers/"): Operation(
        id="enterSupplier",
        tag=LISTS,
        summary="The supplier that MEG has, given what it lacked, else a new one",
        scope="settings:write",
        request=ref("SentSupplier"),
        example={"name": "Starbucks", "aliases": ["Starbucks Coffee"]},
        answers={
            200: Answer("MEG had it.", ref("Supplier"), headers=PLACE),
            201: Answer("Made.", ref("Supplier"), headers=PLACE),
        },
    ),
    ("GET", f"{COMPANY}suppliers/{{supplier_id}}/"): Operation(
        id="getSupplier", tag=LISTS, summary="One supplier", answers={200: Answer("The supplier.", ref("Supplier"))}
    ),
}

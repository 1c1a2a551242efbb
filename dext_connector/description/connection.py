"""« Connecter les comptes MEG et Dext »: who connects, and to what."""

from dext_connector.description.operation import CONNECT, Answer, Operation, list_operation
from dext_connector.description.shapes import (
    DAY,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    WHOLE,
    array,
    body,
    nullable,
    one_of,
    record,
    ref,
    text,
)

SCHEMAS = {
    "Firm": record(code=TEXT, name=TEXT),
    "Company": record(
        id=ID,
        code=TEXT,
        name=TEXT,
        siren=nullable(TEXT),
        firm=TEXT,
        currency=TEXT | {"examples": ["EUR"]},
        accounting_mode=nullable(one_of("accrual", "cash")),
        fiscal_years=array(record(start=DAY, end=DAY)),
        locked_until=nullable(DAY),
        connected=FLAG,
        connection_expires_at=nullable(MOMENT),
    ),
    "Session": record(
        access_token=TEXT,
        refresh_token=TEXT,
        token_type=TEXT,
        expires_in=WHOLE,
        connection_expires_at=MOMENT,
        firms=array(ref("Firm")),
        companies=array(ref("Company")),
    ),
    "Me": record(
        email=TEXT,
        name=nullable(TEXT),
        application=nullable(TEXT),
        firms=array(record(code=TEXT, name=TEXT, role=TEXT)),
        all_companies=FLAG | {"description": "Whether the token reaches those created later too."},
        scopes=array(TEXT),
        token_expires_at=MOMENT,
        connection_expires_at=nullable(MOMENT),
    ),
}

OPERATIONS = {
    ("POST", "login/"): Operation(
        id="logIn",
        tag=CONNECT,
        summary="MEG credentials, typed in Dext, become tokens",
        is_public=True,
        request=body("email", "password", email=text(254), password=text(1024, shortest=1), firm=text(20)),
        example={"email": "comptable@demo.test", "password": "…"},
        answers={200: Answer("Connected.", ref("Session"))},
        refusals=(401,),
    ),
    ("GET", "me/"): Operation(
        id="getMe",
        tag=CONNECT,
        summary="Who, which firms, scopes, when the connection ends",
        answers={200: Answer("The user of the token.", ref("Me"))},
    ),
    ("GET", "companies/"): list_operation(
        "listCompanies", CONNECT, "The companies that the token reaches", of="Company"
    ),
    ("GET", "companies/{company_id}/"): Operation(
        id="getCompany",
        tag=CONNECT,
        summary="One company",
        answers={200: Answer("The company.", ref("Company"))},
    ),
    ("DELETE", "companies/{company_id}/connection/"): Operation(
        id="disconnectCompany",
        tag=CONNECT,
        summary="Disconnect a company; what was published stays",
        scope="settings:write",
        answers={204: Answer("Disconnected.")},
    ),
}

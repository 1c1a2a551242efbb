"""Files that nobody should send, brought through the page: each is refused in French, and nothing is stored."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from banking.imports.importing import read_import
from banking.models import ImportState
from firms.models import Company
from tests.banking.bank_pages import MOVES, address
from tests.banking.statements.writers import Move, cfonb, ofx

BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>"""


def zipped(name: str, data: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


GOOD = cfonb(MOVES).encode("latin-1")
BAD = {
    "truncated": GOOD[: len(GOOD) - 130],
    "only blanks": b"  \r\n\r\n",
    "pdf renamed": b"%PDF-1.7\n" + GOOD,
    "entity bomb": BOMB.encode(),
    "zip bomb": zipped("a.txt", bytes(8 * 1024 * 1024)),
    "zip in a zip": zipped("a.zip", zipped("a.txt", GOOD)),
    "zip that is cut": zipped("a.txt", GOOD)[:60],
    "nul bytes": GOOD[:200] + bytes(40) + GOOD[240:],
    "wrong date": GOOD.replace(b"101126", b"311126"),
    "amount out of range": ofx([Move(date(2026, 11, 10), 10**15, "VIR")]).encode(),
    "letters in an amount": ofx(MOVES).replace("-4.85", "-4.8O").encode(),
    "another world": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 10,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_in_words_and_stores_nothing(accountant: Client, company: Company, data: bytes):
    sent = {"statements": [SimpleUploadedFile("releve.txt", data)], "create_account": "on"}
    assert accountant.post(address(company, "imports"), sent).status_code == 302
    row = company.statement_imports.get()
    read_import(import_id=row.pk, at=timezone.now())
    row.refresh_from_db()
    assert row.state == ImportState.REFUSED
    assert row.message[0].isupper() or row.message[0] == "«"
    assert row.message in accountant.get(address(company, "imports")).content.decode().replace("&#x27;", "'")
    assert not company.bank_accounts.exists()
    assert not company.bank_transactions.exists()


def test_a_file_of_several_accounts_fills_each(accountant: Client, company: Company):
    mixed = cfonb(MOVES) + cfonb(MOVES[:1], number="00099998888")
    sent = {"statements": [SimpleUploadedFile("releve.txt", mixed.encode("latin-1"))], "create_account": "on"}
    accountant.post(address(company, "imports"), sent)
    assert sorted(account.transactions.count() for account in company.bank_accounts.all()) == [1, 2]


def test_a_zip_of_statements_is_read_through(accountant: Client, company: Company):
    sent = {"statements": [SimpleUploadedFile("releves.zip", zipped("nov.txt", GOOD))], "create_account": "on"}
    accountant.post(address(company, "imports"), sent)
    row = company.statement_imports.get()
    read_import(import_id=row.pk, at=timezone.now())
    assert company.bank_transactions.count() == 2

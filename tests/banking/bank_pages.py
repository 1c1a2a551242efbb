"""The bank pages as an accountant sees them."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from achats.models import PurchaseInvoice
from banking.models import BankAccount, Match
from firms.models import Company
from tests.banking.statements.writers import Move
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import PurchaseInvoiceFactory

MOVES = [Move(date(2026, 11, 10), -485, "CB STARBUCKS 0911 PARIS"), Move(date(2026, 11, 12), 10_000, "VIR CLIENT")]
HTMX = {"HX-Request": "true"}


def address(company: Company, name: str, *args: object) -> str:
    return reverse(f"banking:{name}", args=[company.pk, *args])


def page(client: Client, company: Company, name: str, *args: object, query: str = "") -> str:
    answer = client.get(address(company, name, *args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def statement(text: str, name: str = "releve.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("latin-1"))


def suggestion(account: BankAccount) -> Match:
    PurchaseInvoiceFactory.create(company=account.company)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    return Match.objects.get()


def deed(match: Match, name: str) -> str:
    return address(match.company, name, match.invoice_id, match.pk)


def settlement(match: Match) -> str:
    return PurchaseInvoice.objects.get(pk=match.invoice_id).settlement

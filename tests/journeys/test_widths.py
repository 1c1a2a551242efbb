"""No page scrolls sideways: from the narrowest phone to a laptop, at twice its size too, whatever the names."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from playwright.sync_api import Page

from achats.models import PurchaseInvoice
from banking.models import BankAccount
from banking.pieces.requesting import request_pieces
from firms.models import Company, Role, User
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory, StatementImportFactory
from tests.factories.firms import member_of
from tests.test_rights import routes

pytestmark = pytest.mark.django_db(transaction=True)

# 683 is 1366 at a zoom of 200 %.
WIDTHS = (1366, 683, 390, 320)
NAME = "Société Nouvelle des Minoteries Réunies du Haut-Poitou et de la Vienne"
NOT_OURS = ("admin/", "api/", "healthz/", "oauth/")


@pytest.fixture
def person(company: Company) -> User:
    """Who sees the pages of the firm too."""
    return member_of(company, Role.ADMINISTRATOR)


@pytest.fixture
def account(company: Company) -> BankAccount:
    Company.objects.update(name=NAME)
    return BankAccountFactory.create(
        company=company, label="Compte courant de l’exploitation principale", last_four="4471"
    )


@pytest.fixture
def known(company: Company, account: BankAccount, person: User) -> dict[str, str]:
    """What stands in the place of each part of an address."""
    label = "PRLV SEPA " + NAME.upper()[:50] + " FA0068340000000000000000000001"
    for reference in ("FA-2019-0000000000000000000000000000000001", "FA-2"):
        an_invoice(account, supplier_name=NAME, reference=reference, gross_amount=Decimal("1743.54"), note=f"Vu {NAME}")
    an_invoice(account, supplier_name=NAME, account=None, gross_amount=Decimal("212.40"))
    line = a_line(account, amount=Decimal("-1743.54"), label=label)
    alone = a_line(account, amount=Decimal("-100000.00"), label=label)
    run(account)
    invoice = PurchaseInvoice.objects.filter(company=company).earliest("pk")
    asked = {"recipient": NAME, "email": "", "by": person, "at": timezone.now(), "site_url": "http://meg.test"}
    _, link = request_pieces(company=company, line_ids=[alone.pk], **asked)
    found = {"company_id": company, "account_id": account, "invoice_id": invoice, "line_id": line}
    found |= {"supplier_id": invoice.supplier, "import_id": StatementImportFactory.create(company=company)}
    return {name: str(row.pk) for name, row in found.items()} | {"token": link.rstrip("/").rsplit("/", 1)[1]}


def addresses(known: dict[str, str]) -> Iterator[str]:
    for route in sorted({route for route, _ in routes(get_resolver()) if not route.startswith(NOT_OURS)}):
        path = re.sub(r"<\w+:(\w+)>", lambda part: known.get(part[1], part[0]), route)
        if "<" not in path:
            yield f"/{path}"


def test_no_page_is_wider_than_its_window(signed_in: Page, live_server, client: Client, known: dict[str, str]):
    walked, wide = [], []
    for address in addresses(known):
        answer = client.get(address)
        if answer.status_code != 200 or b"<html" not in answer.getvalue()[:200]:
            continue
        signed_in.goto(live_server.url + address)
        walked.append(address)
        for width in WIDTHS:
            signed_in.set_viewport_size({"width": width, "height": 700})
            if signed_in.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((address, width))
    assert len(walked) > 30, walked
    assert wide == []

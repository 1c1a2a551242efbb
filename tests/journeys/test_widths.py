"""Every page: none scrolls sideways, from the narrowest phone to a laptop; axe finds no fault in any."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from playwright.sync_api import Page, expect

from achats.models import PurchaseInvoice
from banking.models import BankAccount
from banking.pieces.requesting import request_pieces
from firms.models import Company, Role, User
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.dext_connector.conftest import calling, item
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


def pages(client: Client, known: dict[str, str]) -> list[str]:
    """The addresses that answer with a whole page."""
    answers = ((address, client.get(address)) for address in addresses(known))
    return [address for address, said in answers if said.status_code == 200 and b"<html" in said.getvalue()[:200]]


def test_no_page_is_wider_than_its_window(signed_in: Page, live_server, client: Client, known: dict[str, str]):
    walked, wide = pages(client, known), []
    for address in walked:
        signed_in.goto(live_server.url + address)
        for width in WIDTHS:
            signed_in.set_viewport_size({"width": width, "height": 700})
            if signed_in.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((address, width))
    assert len(walked) > 30, walked
    assert wide == []


@pytest.mark.parametrize("width", [1366, 320])
def test_axe_finds_no_fault_in_any_page(
    signed_in: Page,
    live_server,
    client: Client,
    known: dict[str, str],
    assert_accessible: Callable[[], None],
    width: int,
):
    signed_in.set_viewport_size({"width": width, "height": 820})
    for address in pages(client, known):
        signed_in.goto(live_server.url + address)
        assert_accessible()


def test_at_twice_its_size_the_menu_goes_to_its_last_door(signed_in: Page, live_server, company: Company):
    signed_in.set_viewport_size({"width": 683, "height": 410})
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/achats/")
    signed_in.get_by_role("button", name="Menu").click()
    last = signed_in.get_by_role("button", name="Se déconnecter")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()


def test_why_a_line_is_not_ready_covers_neither_it_nor_the_next_ones(
    signed_in: Page, live_server, company: Company, account: BankAccount
):
    for _ in range(8):
        an_invoice(account, supplier_name=NAME, account=None, gross_amount=Decimal("212.40"))
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/achats/?onglet=pas-pret")
    row = signed_in.locator("tr[data-row]").nth(6)
    row.get_by_role("button", name="Pas prêt").click()
    said = row.locator("[popover]")
    expect(said).to_contain_text("Il manque le compte de charge")
    sheet, line = said.bounding_box(), row.bounding_box()
    assert sheet
    assert line
    assert sheet["y"] + sheet["height"] <= line["y"] + line["height"] / 2


def test_on_the_phone_the_first_purchase_stands_in_the_first_third(
    signed_in: Page, live_server, company: Company, known: dict[str, str]
):
    signed_in.set_viewport_size({"width": 390, "height": 844})
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/achats/")
    top = signed_in.locator("tr[data-row]").first.bounding_box()
    assert top
    assert top["y"] < 844 / 3
    signed_in.get_by_role("button", name="Plus", exact=True).click()
    expect(signed_in.get_by_role("link", name="Nouvelle facture")).to_be_in_viewport()


@pytest.mark.parametrize("place", ["rapprochement/", "banque/", "receptions/"])
def test_on_the_phone_the_head_folds_its_deeds_and_leaves_two_thirds_to_the_rows(
    signed_in: Page, live_server, company: Company, person: User, known: dict[str, str], place: str
):
    calling(person, company).publish(item())
    signed_in.set_viewport_size({"width": 390, "height": 844})
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/{place}")
    top = signed_in.locator("[data-row]").first.bounding_box()
    assert top
    assert top["y"] < 844 / 3
    folded = signed_in.locator(".folds .button").first
    expect(folded).to_be_hidden()
    signed_in.get_by_role("button", name="Plus", exact=True).click()
    expect(folded).to_be_in_viewport()


def test_what_two_duplicates_say_is_not_broken_inside_a_number(
    signed_in: Page, live_server, company: Company, account: BankAccount
):
    for _ in range(2):
        an_invoice(account, supplier_name=NAME, reference="FR28113741", gross_amount=Decimal("1743.54"))
    signed_in.set_viewport_size({"width": 320, "height": 640})
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/achats/doublons/")
    lines = "element => element.offsetHeight / parseFloat(getComputedStyle(element).lineHeight)"
    cell = signed_in.get_by_role("cell", name="FR28113741").first
    assert cell.evaluate(lines) < 1.8


def test_paper_bears_no_bar_repeats_the_heads_and_ends_with_the_document(
    signed_in: Page, live_server, company: Company, known: dict[str, str]
):
    signed_in.emulate_media(media="print")
    signed_in.set_viewport_size({"width": 720, "height": 1000})  # A4 upright, between its margins
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/achats/")
    expect(signed_in.locator(".topbar, .filters, .tabs, .page-head .actions").first).to_be_hidden()
    display = "element => getComputedStyle(element).display"
    assert signed_in.locator(".purchases thead").evaluate(display) == "table-header-group"
    assert signed_in.locator(".purchases tbody tr").first.evaluate(display) == "table-row"
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/achats/{known['invoice_id']}/")
    order = ".split > .data, .split > .viewer"
    tops = signed_in.locator(order).evaluate_all("parts => parts.map(part => [part.offsetTop, part.className])")
    assert "viewer" in max(tops)[1]
    assert signed_in.get_by_text("← Achats").is_hidden()

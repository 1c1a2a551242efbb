"""An accountant asks for documents; the client brings them by telephone, without an account."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from achats.models import PurchaseInvoice, Source, Status
from banking.pieces.requesting import request_pieces
from firms.models import Company, User
from tests.banking.test_reconciliation import a_line
from tests.factories.achats import pdf, photo
from tests.factories.banking import BankAccountFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_came_before() -> None:
    """What earlier tests sent from this address counts no more."""
    cache.clear()


@pytest.mark.parametrize("with_script", [True, False])
def test_documents_are_asked_for_and_brought_by_telephone(
    signed_in: Page,
    browser: Browser,
    live_server,
    company: Company,
    assert_accessible: Callable[[], None],
    with_script: bool,
):
    account = BankAccountFactory.create(company=company)
    a_line(account, amount=Decimal("-42.99"), label="CB LIBRAIRIE DES ARTS 2509 CLERMONT FERRAND")
    a_line(account, amount=Decimal("-1743.54"), label="PRLV SEPA ORANGE BUSINESS SERVICES FA006834")
    signed_in.goto(live_server.url + reverse("banking:accounts", args=[company.pk]))
    signed_in.get_by_role("link", name="Pièces à demander").click()
    assert_accessible()
    signed_in.get_by_role("button", name="Demander").click()
    told = signed_in.get_by_role("status").inner_text()
    assert_accessible()
    link = re.search(r"https?://\S+/pieces/\S+", told)
    assert link, told
    signed_in.context.grant_permissions(["clipboard-read", "clipboard-write"])
    signed_in.get_by_role("button", name="Copier le lien").click()
    expect(signed_in.get_by_role("button", name="Copié")).to_be_visible()
    assert signed_in.evaluate("navigator.clipboard.readText()") == link[0]

    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, java_script_enabled=with_script
    )
    telephone = context.new_page()
    telephone.goto(link[0])
    assert not telephone.get_by_role("navigation").count()
    if with_script:
        assert not Axe().run(telephone).response["violations"]
        wide = telephone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0
    files = [
        {"name": "ticket.png", "mimeType": "image/png", "buffer": photo()},
        {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ]
    telephone.get_by_label("Choisir des fichiers pour CB LIBRAIRIE").set_input_files(files)
    if not with_script:
        telephone.get_by_role("button", name="Envoyer").first.click()
    expect(telephone.get_by_role("status")).to_contain_text("2\u00a0fichiers reçus")
    telephone.get_by_label("Photographier la pièce de PRLV SEPA ORANGE").set_input_files(files[:1])
    if not with_script:
        telephone.get_by_role("button", name="Envoyer").nth(1).click()
    expect(telephone.get_by_role("status")).to_contain_text("Le fichier est reçu")
    context.close()

    invoices = PurchaseInvoice.objects.filter(source=Source.REQUEST, status=Status.NOT_READY)
    assert invoices.count() == 2
    signed_in.reload()
    expect(signed_in.get_by_text("Aucune pièce ne manque")).to_be_visible()
    expect(signed_in.get_by_text("Complète")).to_be_visible()


def test_a_client_who_is_reminded_is_left_alone_by_one_press(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    a_line(BankAccountFactory.create(company=company), amount=Decimal("-42.99"), label="CB LIBRAIRIE DES ARTS 2509")
    signed_in.goto(live_server.url + reverse("banking:pieces", args=[company.pk]))
    signed_in.get_by_label("Destinataire").fill("Camille")
    signed_in.get_by_label("Adresse e-mail").fill("camille@client.test")
    expect(signed_in.get_by_label("Relancer chaque semaine")).to_be_checked()
    signed_in.get_by_role("button", name="Demander").click()
    expect(signed_in.get_by_role("cell", name="chaque semaine", exact=True)).to_be_visible()
    signed_in.get_by_role("button", name="Ne plus relancer").click()
    expect(signed_in.get_by_role("status").first).to_contain_text("Camille ne sera plus relancé.")
    expect(signed_in.get_by_role("button", name="Relancer chaque semaine")).to_be_visible()
    assert_accessible()


def test_a_client_is_reminded_at_once_and_the_page_says_when(
    signed_in: Page, live_server, company: Company, person: User, mailoutbox, assert_accessible: Callable[[], None]
):
    line = a_line(BankAccountFactory.create(company=company), amount=Decimal("-42.99"), label="CB LIBRAIRIE DES ARTS")
    request_pieces(
        company=company, line_ids=[line.pk], recipient="Camille", email="camille@client.test", by=person,
        at=timezone.now() - timedelta(days=2), site_url=live_server.url,
    )  # fmt: skip
    signed_in.goto(live_server.url + reverse("banking:pieces", args=[company.pk]))
    signed_in.get_by_role("button", name="Relancer maintenant").click()
    expect(signed_in.get_by_role("status").first).to_contain_text("La relance est partie à camille@client.test.")
    expect(signed_in.get_by_role("button", name="Relancer maintenant")).not_to_be_attached()
    expect(signed_in.get_by_role("row", name="Camille")).to_contain_text(f"{timezone.localtime():%d/%m/%Y}")
    assert_accessible()
    assert len(mailoutbox) == 2

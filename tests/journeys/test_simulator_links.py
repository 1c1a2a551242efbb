"""Dext is connected by consent and activated, publishes all at once, and hears from MEG's worker what became of it."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from achats.models import MethodKind, PaymentMethod
from dext_connector.access.clients import add_return_addresses
from dext_connector.simulator.consent import return_addresses
from dext_connector.simulator.state import start, store
from dext_connector.webhooks.asking import looked_at
from firms.models import Company
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.worker import Worker

PATIENCE_SECONDS = 60


@pytest.fixture
def fresh_dext(company: Company, live_server: LiveServer, celery_worker_process: Worker) -> None:
    looked_at()  # no asking of an earlier test, whose message was dropped, keeps this one's from being sent
    PaymentMethod.objects.create(company=company, label="Paiement Pro (1234)", kind=MethodKind.CARD, last_four="1234")
    account = BankAccountFactory.create(company=company)
    BankTransactionFactory.create(
        account=account, amount=Decimal("-4.85"), booked_on=date(2019, 9, 26), label="CB STARBUCKS 25/09"
    )
    add_return_addresses(addresses=return_addresses(live_server.url))
    with store().change() as state:
        state.clear()
        state.update(start())


def row(page: Page, supplier: str):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=supplier))


def seen_after_reloads(page: Page, words: str) -> None:
    """What a worker of its own makes appear, seen by whoever looks again."""
    ends = time.monotonic() + PATIENCE_SECONDS
    told = page.get_by_role("rowheader", name=words)
    while not told.count() and time.monotonic() < ends:
        page.wait_for_timeout(500)
        page.reload()
    expect(told.first).to_be_visible()


def test_dext_connects_by_consent_activates_publishes_and_hears_back(
    signed_in: Page,
    live_server: LiveServer,
    company: Company,
    fresh_dext: None,
    assert_accessible: Callable[[], None],
):
    page = signed_in
    page.goto(f"{live_server.url}/simulateur/")
    assert_accessible()
    page.get_by_role("button", name="Continuer dans MEG").click()
    page.get_by_role("checkbox", name="Boulangerie Martin").check()
    page.get_by_role("button", name="Autoriser 1 dossier").click()
    expect(page.get_by_text("Les comptes MEG et Dext sont connectés")).to_be_visible()

    page.get_by_role("link", name="Activer l’intégration").click()
    assert_accessible()
    page.get_by_role("checkbox", name="Remplacer mes 3 règles fournisseur").check()
    page.get_by_role("button", name="Activer l’intégration").click()
    expect(page.get_by_role("heading", name="Règles fournisseur de MEG")).to_be_visible()
    assert_accessible()

    page.goto(f"{live_server.url}/simulateur/retours/")
    page.get_by_role("button", name="Recevoir les retours de MEG").click()
    page.get_by_role("button", name="Demander un essai").click()
    seen_after_reloads(page, "Essai")

    page.get_by_role("link", name="Boîte").click()
    expect(row(page, "Starbucks").get_by_role("cell", name="Rapproché")).to_have_count(0)
    page.get_by_role("button", name="Publier tout").click()
    expect(row(page, "Starbucks").get_by_role("link", name="Ouvrir dans MEG")).to_be_visible()
    row(page, "Starbucks").get_by_role("link", name="Ouvrir dans MEG").click()
    expect(page.get_by_role("heading", name="Starbucks")).to_be_visible()

    page.goto(f"{live_server.url}/simulateur/retours/")
    seen_after_reloads(page, "Reçue dans MEG")
    seen_after_reloads(page, "Rapprochée")
    expect(page.get_by_text("Appel de MEG, signature vérifiée").first).to_be_visible()
    assert_accessible()
    page.get_by_role("link", name="Boîte").click()
    expect(row(page, "Starbucks").get_by_role("cell", name="Rapproché")).to_be_visible()
    expect(row(page, "Starbucks").get_by_role("cell", name="Réglé")).to_be_visible()
    assert_accessible()

"""A newcomer connects Dext, mends, publishes, and finds the purchase in MEG; nothing of it is refused by the CSP."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from achats.models import MethodKind, PaymentMethod, PurchaseInvoice
from dext_connector.simulator.state import start, store
from tests.factories.firms import PASSWORD, CompanyFactory, member_of


@pytest.fixture
def email(transactional_db: None) -> str:
    company = CompanyFactory(name="Boulangerie Martin")
    PaymentMethod.objects.create(company=company, label="Paiement Pro (1234)", kind=MethodKind.CARD, last_four="1234")
    with store().change() as state:
        state.clear()
        state.update(start())
    return member_of(company).email


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: a refused style or script, an error."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def row(page: Page, supplier: str):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=supplier))


def mend(page: Page, supplier: str, account: str, lines: dict[str, str] | None = None) -> None:
    form = row(page, supplier).locator("xpath=following-sibling::tr[1]")
    form.get_by_label("Compte").fill(account)
    for label, total in (lines or {}).items():
        form.get_by_label(label).fill(total)
    form.get_by_role("button", name="Enregistrer").click()


def test_a_newcomer_connects_mends_and_publishes(page: Page, live_server: LiveServer, email: str, complaints):
    page.goto(f"{live_server.url}/simulateur/")
    expect(page.get_by_role("heading", name="Renseignez vos identifiants de connexion MEG")).to_be_visible()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_label("Marqueur TVA *")).to_have_value("TVA20")
    page.get_by_role("button", name="Enregistrer").click()

    expect(row(page, "Franprix")).to_contain_text("Pas prêt")
    mend(page, "Franprix", "60630000")
    row(page, "Franprix").get_by_role("button", name="Publier").click()
    expect(row(page, "Franprix").get_by_role("link", name="Ouvrir dans MEG")).to_be_visible()

    mend(page, "La Folie Du Pain", "62570000", {"Boisson et dessert": "4,60"})
    page.get_by_role("button", name="Publier tout").click()
    expect(page.get_by_text(re.compile("Publiés.: 2 sur 2"))).to_be_visible()
    totals = PurchaseInvoice.objects.order_by("gross_amount").values_list("gross_amount", flat=True)
    assert [str(total) for total in totals] == ["4.85", "5.76", "14.10"]

    page.get_by_role("button", name="Remettre à zéro").click()
    expect(row(page, "Starbucks").get_by_role("button", name="Publier")).to_be_visible()
    assert complaints == []


def test_the_screens_break_no_rule_of_accessibility(page: Page, live_server: LiveServer, email: str):
    page.goto(f"{live_server.url}/simulateur/")
    seen = [Axe().run(page)]
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    seen.append(Axe().run(page))
    page.goto(f"{live_server.url}/simulateur/")
    page.get_by_text("Appels (").click()
    seen.append(Axe().run(page))
    assert [result.generate_report() for result in seen if result.violations_count] == []

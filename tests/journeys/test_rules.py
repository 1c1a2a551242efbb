"""What an accountant does with the rules that Dext had, in a real browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from achats.models import SupplierRule
from dext_connector.rules.activating import activate
from dext_connector.serializers.rules import read_rules
from firms.models import Company, User
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

RULES = [
    {"supplier": "Orange", "account": "626", "vat_rate": "20.00", "due_days": 30},
    {"supplier": "Franprix", "account": "606300"},
    {"supplier": "Starbucks", "account": "Réceptions", "paid": True},
    {"supplier": "Société Nouvelle des Minoteries Réunies du Haut-Poitou", "account": "Compte de Dext"},
]


@pytest.fixture
def activated(company: Company, person: User) -> Company:
    activate(company=company, rules=read_rules({"rules": RULES}), by=person, at=timezone.now())
    return company


def address(live_server, company: Company, path: str = "") -> str:
    return f"{live_server.url}/dossiers/{company.pk}/dext/{path}"


def live(company: Company) -> dict[str, str]:
    rows = SupplierRule.objects.filter(company=company)
    return dict(rows.values_list("supplier__name", "account__code"))


def test_one_takes_chooses_takes_all_and_undoes(
    signed_in: Page, live_server, activated: Company, assert_accessible: Callable[[], None]
):
    signed_in.goto(address(live_server, activated))
    signed_in.get_by_role("link", name="Examiner").click()
    expect(signed_in.locator("tr[data-row]")).to_have_count(4)
    assert_accessible()
    signed_in.keyboard.press("j")
    expect(signed_in.get_by_role("button", name="pour Franprix")).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#annonce")).to_contain_text("Règle prise\u00a0: Franprix")
    expect(signed_in.get_by_role("button", name="pour Orange")).to_be_focused()
    assert live(activated) == {"Franprix": "60630000"}
    signed_in.get_by_label("Choisir un compte pour Société Nouvelle").click()
    field = signed_in.get_by_label("Compte de MEG pour Société Nouvelle")
    field.fill("nulle part")
    signed_in.get_by_role("button", name="Prendre ce compte").click()
    expect(signed_in.get_by_text("Aucun compte ouvert aux achats ne répond")).to_be_visible()
    assert_accessible()
    expect(field).to_have_value("nulle part")
    field.fill("6063")
    field.press("Enter")
    expect(signed_in.get_by_role("row", name="Société Nouvelle")).to_contain_text("Prise")
    signed_in.get_by_role("button", name="Prendre les 2 proposées").click()
    expect(signed_in.locator("#annonce")).to_contain_text("2\u00a0règles prises.")
    assert live(activated).keys() == {"Franprix", "Orange", "Starbucks", RULES[3]["supplier"]}
    expect(signed_in.get_by_role("heading", name="Toutes les règles de Dext sont décidées")).to_be_visible()
    signed_in.keyboard.press("z")
    expect(signed_in.locator("#annonce")).to_contain_text("les règles sont comme avant")
    assert live(activated).keys() == {"Franprix", RULES[3]["supplier"]}
    signed_in.get_by_role("link", name="Règles en vigueur").click()
    signed_in.get_by_role("link", name="Franprix").click()
    assert_accessible()


@pytest.mark.parametrize("width", [390, 320])
def test_without_a_script_and_on_the_phone_the_same_deeds_work(
    browser: Browser, live_server, activated: Company, person: User, client: Client, width: int
):
    context = browser.new_context(
        java_script_enabled=False, locale="fr-FR", viewport={"width": width, "height": 640}, has_touch=True
    )
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(address(live_server, activated, "regles/"))
    page.get_by_role("button", name="pour Orange").click()
    expect(page.get_by_role("status")).to_contain_text("Règle prise\u00a0: Orange")
    page.get_by_role("button", name="Annuler").click()
    assert live(activated) == {}
    for path in ("regles/", "regles/import/", "regles/en-vigueur/", ""):
        page.goto(address(live_server, activated, path))
        assert page.locator("html").bounding_box()["width"] <= width
    context.close()

"""The pages of people and companies, and Django's admin, in a real browser under the strict policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Page, expect

from firms.models import Role, User
from tests.factories.firms import PASSWORD, CompanyFactory, member_of

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = [
    "/dossiers/",
    "/cabinet/membres/",
    "/cabinet/membres/inviter/",
    "/preferences/",
    "/mot-de-passe/",
    "/nulle-part/",
]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console says in anger."""
    cache.clear()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def administrator() -> User:
    return member_of(CompanyFactory(name="Boulangerie Martin"), Role.ADMINISTRATOR)


def sign_in(page: Page, url: str, user: User) -> None:
    page.goto(f"{url}/connexion/")
    page.get_by_label("Adresse e-mail").fill(user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def faults(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_a_person_signs_in_and_sees_what_waits(page: Page, live_server, complaints, administrator):
    page.goto(f"{live_server.url}/connexion/")
    password = page.get_by_label("Mot de passe", exact=True)
    password.fill(PASSWORD)
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(password).to_have_attribute("type", "text")
    assert faults(page) == []
    sign_in(page, live_server.url, administrator)
    expect(page.get_by_role("heading", name="Boulangerie Martin")).to_be_visible()
    assert faults(page) == []
    assert complaints == []


def test_a_refusal_takes_the_focus(page: Page, live_server, complaints):
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_label("Adresse e-mail").fill("personne@cabinet.test")
    page.get_by_label("Mot de passe", exact=True).fill("faux")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []


def test_the_pages_of_people_break_no_rule_of_accessibility(page: Page, live_server, complaints, administrator):
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, live_server.url, administrator)
    expect(page.get_by_role("heading", name="Boulangerie Martin")).to_be_visible()
    for path in PATHS:
        page.goto(live_server.url + path)
        assert (path, faults(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert [line for line in complaints if "404" not in line] == []


def test_the_admin_works_under_the_strict_policy(page: Page, live_server, complaints, administrator):
    User.objects.filter(pk=administrator.pk).update(is_staff=True, is_superuser=True)
    sign_in(page, live_server.url, administrator)
    expect(page.get_by_role("heading", name="Boulangerie Martin")).to_be_visible()
    page.goto(f"{live_server.url}/admin/firms/membership/add/")
    page.locator(".field-user .select2-selection").click()
    expect(page.locator(".select2-results__option").first).to_contain_text(administrator.email)
    page.goto(f"{live_server.url}/admin/firms/company/add/")
    page.locator(".field-firm .select2-selection").click()
    page.locator(".select2-results__option").first.click()
    page.locator("#id_code").fill("ADM")
    page.locator("#id_name").fill("Par l’admin")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Par l’admin")
    assert complaints == []


def test_a_session_that_ended_is_resumed_in_place(page: Page, live_server, complaints, administrator):
    sign_in(page, live_server.url, administrator)
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', location.pathname, {target: '#contenu'})")
    dialog = page.get_by_role("dialog", name="Votre session est terminée")
    dialog.get_by_label("Adresse e-mail").fill(administrator.email)
    dialog.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Vous êtes reconnecté.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Boulangerie Martin")).to_be_visible()

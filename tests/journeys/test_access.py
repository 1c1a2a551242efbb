"""A person lets Dext reach one company, with and without JavaScript, and takes it back."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from dext_connector.access.clients import register_client
from dext_connector.connections.opening import open_connections
from dext_connector.models import DextAuthorization, DextConnection
from tests.dext_connector.oauth import OAuthClient
from tests.factories.firms import PASSWORD, CompanyFactory


class Back(BaseHTTPRequestHandler):
    """Dext's return address, at an origin of its own."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Dext</title><link rel=icon href=data:,><h1>Retour dans Dext</h1>")

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def dext() -> Iterator[str]:
    """The address to which people come back, on a port of its own: another origin for the policy."""
    cache.clear()
    server = HTTPServer(("127.0.0.1", 0), Back)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/retour"
    register_client(client_id="dext", name="Dext", redirect_uris=[address])
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def other(company):
    return CompanyFactory(firm=company.firm, code="LIL", name="SCI des Lilas")


def consent_address(live_server, person, dext: str) -> str:
    client = OAuthClient(live_server.url, person)
    query = "&".join(f"{name}={value}" for name, value in client.asked(redirect_uri=dext).items())
    return f"{live_server.url}/oauth/authorize/?{query.replace(' ', '%20')}"


def test_a_person_authorizes_one_company(signed_in: Page, live_server, company, other, person, dext, assert_accessible):
    page = signed_in
    page.goto(consent_address(live_server, person, dext))
    expect(page.get_by_role("heading", name="Dext demande l’accès à MEG")).to_be_visible()
    assert_accessible()
    box = page.get_by_role("checkbox", name="Boulangerie Martin")
    box.check()
    expect(page.get_by_role("button", name="Autoriser 1 dossier")).to_be_visible()
    page.get_by_role("checkbox", name="SCI des Lilas").check()
    expect(page.get_by_role("button", name="Autoriser 2 dossiers")).to_be_visible()
    page.get_by_role("checkbox", name="SCI des Lilas").uncheck()
    page.get_by_label("Rechercher un dossier").fill("lilas")
    page.get_by_label("Rechercher un dossier").press("Enter")
    expect(box).to_be_checked()
    page.get_by_role("button", name=re.compile("Autoriser 1")).click()
    expect(page.get_by_role("heading", name="Retour dans Dext")).to_be_visible()
    assert "code=" in page.url
    assert list(DextAuthorization.objects.get().companies.all()) == [company]


def test_without_javascript_the_same_deeds_work(browser: Browser, live_server, company, other, person, dext):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(consent_address(live_server, person, dext))
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Autoriser les dossiers cochés").click()
    expect(page.get_by_text("Cochez au moins un dossier, ou refusez.")).to_be_visible()
    page.get_by_role("checkbox", name="SCI des Lilas").check()
    page.get_by_role("button", name="Autoriser").click()
    expect(page.get_by_role("heading", name="Retour dans Dext")).to_be_visible()
    assert list(DextAuthorization.objects.get().companies.all()) == [other]
    page.goto(consent_address(live_server, person, dext))
    page.get_by_role("button", name="Refuser").click()
    assert "error=access_denied" in page.url
    context.close()


def test_a_person_disconnects_the_company_in_place(signed_in: Page, live_server, company, person, assert_accessible):
    open_connections(companies=[company], user=person, at=timezone.now())
    page = signed_in
    page.goto(f"{live_server.url}/dossiers/{company.pk}/dext/")
    page.get_by_text("Se déconnecter", exact=True).last.click()
    assert_accessible()
    page.get_by_role("button", name="Déconnecter Boulangerie Martin de Dext").click()
    expect(page.get_by_text("Boulangerie Martin est déconnecté de Dext.")).to_be_visible()
    assert DextConnection.objects.get().disconnected_by == person

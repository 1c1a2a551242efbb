"""Registering Dext's return addresses: by command and in Django's admin."""

from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.models import Application

from dext_connector.access.clients import dext_application
from firms.models import User

RETURN = "https://dext.example/meg/retour"
ADDRESS = "/admin/dext_connector/clientapplication/"


@pytest.fixture
def administrator(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chef@cabinet.test", "une-phrase-de-passe"))
    return client


@pytest.mark.django_db
def test_the_command_gives_dext_its_addresses_and_replaces_them():
    dext_application()
    call_command("register_client", RETURN, "https://dext.example/autre", stdout=StringIO())
    call_command("register_client", RETURN, stdout=StringIO())
    dext = Application.objects.get()
    assert (dext.client_id, dext.client_type, dext.redirect_uris) == ("dext", "public", RETURN)


@pytest.mark.django_db
def test_a_confidential_client_gets_its_secret_once_and_it_is_stored_hashed():
    said = StringIO()
    call_command("register_client", RETURN, "--client-id", "autre", "--name", "Autre", "--confidential", stdout=said)
    secret = said.getvalue().partition("client_secret")[2].split()[1]
    assert check_password(secret, Application.objects.get(client_id="autre").client_secret)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["ftp://dext.example/", "dext.example", "https://dext.example/#fin"])
def test_an_address_that_browsers_should_not_be_sent_to_is_refused(address):
    with pytest.raises(CommandError):
        call_command("register_client", address, stdout=StringIO())
    assert not Application.objects.exists()


def test_the_admin_registers_a_client_in_french(administrator):
    page = administrator.get(f"{ADDRESS}add/").content.decode()
    for label in ("Identifiant", "Genre", "Adresses de retour", "Nouveau secret"):
        assert label in page
    body = {"name": "Dext", "client_id": "dext", "client_type": "public", "redirect_uris": RETURN, "new_secret": ""}
    assert administrator.post(f"{ADDRESS}add/", body | {"redirect_uris": "ftp://x"}).status_code == 200
    answer = administrator.post(f"{ADDRESS}add/", body)
    assert answer.status_code == 302, answer.content.decode()
    dext = Application.objects.get()
    assert (dext.redirect_uris, dext.authorization_grant_type) == (RETURN, "authorization-code")
    confidential = body | {"client_type": "confidential"}
    assert administrator.post(f"{ADDRESS}{dext.pk}/change/", confidential).status_code == 200
    assert administrator.post(f"{ADDRESS}{dext.pk}/change/", confidential | {"new_secret": "s" * 40}).status_code == 302
    assert check_password("s" * 40, Application.objects.get().client_secret)
    assert RETURN in administrator.get(ADDRESS).content.decode()


def test_the_admin_shows_neither_tokens_nor_codes(administrator):
    assert administrator.get("/admin/oauth2_provider/accesstoken/").status_code == 404
    assert "oauth2_provider" not in administrator.get("/admin/").content.decode()

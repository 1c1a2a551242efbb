"""The two commands that open a firm and a company."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from firms.models import Company, Firm, Membership
from tests.factories.firms import PASSWORD, CompanyFactory, FirmFactory

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_create_firm_prints_a_link_that_makes_its_administrator(client: Client):
    said = run("create_firm", "NEUF", "--name", "Cabinet neuf", "--admin", "chef@neuf.test")
    path = re.search(r"/invitation/\S+", said)[0]
    client.post(path, {"name": "Chef", "password": PASSWORD})
    membership = Membership.objects.get(user__email="chef@neuf.test")
    assert (membership.firm.code, membership.role, membership.sees_all_companies) == ("NEUF", "administrator", True)
    assert client.get("/cabinet/membres/").status_code == 200


def test_create_firm_gives_the_whole_address_where_it_is_known(settings):
    settings.BASE_URL = "https://meg.example/"
    said = run("create_firm", "NEUF", "--name", "Cabinet neuf", "--admin", "chef@neuf.test")
    assert "https://meg.example/invitation/" in said


@pytest.mark.parametrize(
    ("code", "email", "sentence"),
    [("PRIS", "chef@neuf.test", "déjà pris"), ("NEUF", "pas une adresse", "adresse"), ("A B", "a@b.test", "lettres")],
)
def test_create_firm_says_in_one_sentence_what_is_wrong_and_creates_nothing(code: str, email: str, sentence: str):
    FirmFactory(code="PRIS")
    with pytest.raises(CommandError, match=sentence):
        run("create_firm", code, "--name", "Cabinet", "--admin", email)
    assert Firm.objects.count() == 1


def test_create_company_opens_it():
    FirmFactory(code="CAB")
    said = run("create_company", "NEUF", "--name", "Boulangerie", "--firm", "CAB", "--siren", "732829320")
    assert "Le dossier Boulangerie · NEUF est ouvert" in said
    assert Company.objects.get(code="NEUF").accounts.exists()


@pytest.mark.parametrize(
    ("code", "firm", "siren", "sentence"),
    [
        ("PRIS", "CAB", "", "PRIS.+est déjà pris"),
        ("NEUF", "RIEN", "", "Aucun cabinet ne porte le code .+RIEN"),
        ("NEUF", "CAB", "123456789", "n’est pas un numéro SIREN"),
    ],
)
def test_create_company_says_in_one_sentence_what_is_wrong(code: str, firm: str, siren: str, sentence: str):
    CompanyFactory(firm=FirmFactory(code="CAB"), code="PRIS")
    with pytest.raises(CommandError, match=sentence):
        run("create_company", code, "--name", "Boulangerie", "--firm", firm, "--siren", siren)
    assert Company.objects.count() == 1

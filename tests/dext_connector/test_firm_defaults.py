"""« Paramètres du Compte Automatisés »: the API, the admin and the page each set what the next company starts with."""

import pytest
from django.test import Client

from dext_connector.connections.integration import COPIED
from dext_connector.models import FirmIntegrationDefaults, IntegrationSettings
from firms.models import Role, User
from tests.dext_connector.conftest import calling
from tests.factories.firms import CompanyFactory, MembershipFactory, member_of

SENT = {"publish_destination": "achats", "vat_marker_code": "TVA10", "no_vat_marker_code": "EXO"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def by_the_api(company) -> None:
    body = {"publish_destination": "achats", "vat_marker": "TVA10", "no_vat_marker": "EXO"}
    body |= {"vat_by_line": False, "use_supplier_vat_rate": True}
    caller = calling(member_of(company), company)
    assert caller.call("put", "account-settings/", body).status_code == 200


def by_the_admin(company) -> None:
    row = FirmIntegrationDefaults.objects.get(firm=company.firm)
    client = signed_in(User.objects.create_superuser("chef@cabinet.test", "une-phrase-de-passe"))
    address = f"/admin/dext_connector/firmintegrationdefaults/{row.pk}/change/"
    assert client.post(address, SENT | {"use_supplier_vat_rate": "on"}).status_code == 302


def by_the_page(company) -> None:
    client = signed_in(member_of(company, Role.ADMINISTRATOR))
    answer = client.post("/cabinet/dext/", SENT | {"use_supplier_vat_rate": "on"}, follow=True)
    assert "Paramètres du compte automatisés enregistrés." in answer.content.decode()


def settings_of(company) -> dict:
    row = IntegrationSettings.objects.get(company=company)
    return {name: getattr(row, name) for name in COPIED} | {
        "vat_marker": row.vat_marker.code,
        "no_vat_marker": row.no_vat_marker.code,
    }


@pytest.mark.parametrize("sets", [by_the_api, by_the_admin, by_the_page])
def test_what_is_set_is_what_the_next_company_starts_with_and_no_existing_one_changes(company, sets):
    existing, foreign = settings_of(company), CompanyFactory()
    sets(company)
    assert settings_of(CompanyFactory(firm=company.firm)) == {
        "publish_destination": "achats",
        "vat_by_line": False,
        "use_supplier_vat_rate": True,
        "vat_marker": "TVA10",
        "no_vat_marker": "EXO",
    }
    assert settings_of(company) == existing
    assert settings_of(CompanyFactory(firm=foreign.firm)) == settings_of(foreign)


def test_the_page_says_to_which_companies_it_applies_and_refuses_what_may_not_serve(company):
    client = signed_in(member_of(company, Role.ADMINISTRATOR))
    page = client.get("/cabinet/dext/").content.decode()
    assert "S’applique aux dossiers créés ensuite, jamais à ceux qui existent." in page
    for label in ("Publier par défaut dans *", "Marqueur TVA *", "Pas de TVA par défaut *"):
        assert label in page
    assert client.post("/cabinet/dext/", SENT | {"vat_marker_code": "SANS"}).status_code == 422
    assert client.post("/cabinet/dext/", {}).status_code == 422
    assert FirmIntegrationDefaults.objects.get(firm=company.firm).vat_marker_code == "TVA20"


def test_the_page_is_for_administrators_of_the_firm_that_it_names(company):
    assert Client().get("/cabinet/dext/")["Location"].startswith("/connexion/")
    for role in (Role.ACCOUNTANT, Role.READER):
        assert signed_in(member_of(company, role)).get("/cabinet/dext/").status_code == 403
    other = CompanyFactory().firm
    client = signed_in(member_of(company, Role.ADMINISTRATOR))
    assert client.get(f"/cabinet/dext/?cabinet={other.code}").status_code == 404
    MembershipFactory(user=member_of(company), firm=other)
    assert client.post(f"/cabinet/dext/?cabinet={other.code}", SENT).status_code == 404


def test_the_page_costs_few_queries(company, django_assert_max_num_queries):
    client = signed_in(member_of(company, Role.ADMINISTRATOR))
    with django_assert_max_num_queries(7):
        client.get("/cabinet/dext/")

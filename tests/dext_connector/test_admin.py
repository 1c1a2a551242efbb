"""Where administrators look first: the integration's settings and defaults in Django's admin."""

import pytest
from django.test import Client

from dext_connector.models import FirmIntegrationDefaults, IntegrationSettings
from firms.models import Event, User
from tests.dext_connector.conftest import item
from tests.factories.firms import CompanyFactory


@pytest.fixture
def administrator(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chef@cabinet.test", "une-phrase-de-passe"))
    return client


def test_the_firms_defaults_are_edited_and_reach_the_next_company(administrator, company):
    defaults = FirmIntegrationDefaults.objects.get(firm=company.firm)
    address = f"/admin/dext_connector/firmintegrationdefaults/{defaults.pk}/change/"
    page = administrator.get(address).content.decode().replace("\u00a0", " ")
    assert "Marqueur TVA" in page
    assert "TVA10 · TVA 10 % déductible" in page
    assert "S’applique aux dossiers créés ensuite, jamais à ceux qui existent." in page
    assert page.count("_helptext") >= 5
    body = {"publish_destination": "achats", "vat_marker_code": "TVA10", "no_vat_marker_code": "EXO"}
    assert administrator.post(address, body | {"vat_marker_code": "SANS"}).status_code == 200
    assert administrator.post(address, body).status_code == 302
    settings = CompanyFactory(firm=company.firm).integration_settings
    assert (settings.vat_marker.code, settings.no_vat_marker.code, settings.vat_by_line) == ("TVA10", "EXO", False)
    assert IntegrationSettings.objects.get(company=company).vat_marker.code == "TVA20"


def test_a_companys_settings_offer_its_own_codes_and_ask_for_the_three(administrator, company):
    other = CompanyFactory(firm=company.firm)
    settings = company.integration_settings
    address = f"/admin/dext_connector/integrationsettings/{settings.pk}/change/"
    own, foreign = (row.vat_codes.get(code="TVA10") for row in (company, other))
    page = administrator.get(address).content.decode()
    assert str(own.pk) in page
    assert str(foreign.pk) not in page
    assert "*\u00a0obligatoire" in page
    assert "related-widget-wrapper-link" not in page
    body = {"publish_destination": "achats", "vat_marker": own.pk, "no_vat_marker": settings.no_vat_marker_id}
    assert administrator.post(address, {}).status_code == 200
    assert administrator.post(address, body | {"vat_marker": foreign.pk}).status_code == 200
    assert administrator.post(address, body).status_code == 302
    assert IntegrationSettings.objects.get(company=company).vat_marker == own
    assert Event.objects.filter(company=company, kind="settings.changed").count() == 1


def test_receptions_and_connections_are_read_and_never_changed(administrator, dext, company):
    dext.publish(item(account="00000000"))
    page = administrator.get("/admin/dext_connector/inboxitem/").content.decode()
    assert "Refusée" in page
    assert "00000000" in page
    fate, connection = company.inbox.get(), company.dext_connection
    assert administrator.get(f"/admin/dext_connector/inboxitem/{fate.pk}/change/").status_code == 200
    assert administrator.post(f"/admin/dext_connector/inboxitem/{fate.pk}/delete/").status_code == 403
    assert administrator.post(f"/admin/dext_connector/dextconnection/{connection.pk}/change/").status_code == 403

"""What accountants see of Dext."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dext_connector.models import DextConnection, Webhook
from firms.models import Role
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def client(dext) -> Client:
    client = Client()
    client.force_login(dext.user)
    return client


def words(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_receptions_show_each_fate_with_the_message_shown_in_dext(client, dext, company):
    dext.publish(item())
    dext.publish(item(external_id="RB-2", supplier={"name": "EDF"}, total="-212.40", vat_amount=None))
    page = words(client.get(f"/dossiers/{company.pk}/receptions/"))
    assert "Starbucks" in page
    assert f"/achats/{company.purchase_invoices.get().pk}/" in page
    assert "Publiez ce document comme avoir." in page
    assert "−212,40 €" in page
    refused = words(client.get(f"/dossiers/{company.pk}/receptions/?sort=refused"))
    assert "EDF" in refused
    assert "Starbucks" not in refused


@pytest.mark.parametrize(("search", "found"), [("88213", True), ("starb", True), ("4,85", True), ("88214", False)])
def test_a_missing_invoice_is_looked_for_by_reference_supplier_or_amount(client, dext, company, search, found):
    dext.publish(item())
    page = words(client.get(f"/dossiers/{company.pk}/receptions/", {"q": search}))
    assert ("RB-88213" in page) is found
    assert (f"Dext n’a rien envoyé pour « {search} » à ce dossier" in page) is not found


def test_an_unreadable_item_has_its_row(client, dext, company):
    dext.publish("[" * 100_000)
    dext.publish({"supplier": 3, "total": []})
    assert words(client.get(f"/dossiers/{company.pk}/receptions/")).count("Refusée</span>") == 2


def test_a_search_answers_only_the_results_to_htmx(client, company):
    answer = client.get(f"/dossiers/{company.pk}/receptions/?q=x", headers={"HX-Request": "true"})
    assert words(answer).lstrip().startswith('<div id="resultats">')


def test_the_page_of_the_connection_says_where_it_stands(client, dext, company):
    address = f"/dossiers/{company.pk}/dext/"
    assert "Le dossier n’est pas encore connecté" in words(client.get(address))
    dext.publish(item())
    assert f"par {dext.user}" in words(client.get(address))
    DextConnection.objects.update(expires_at=timezone.now() + timedelta(days=5))
    assert "La connexion Dext de ce dossier finit dans 5 jours, le" in words(client.get(address))
    DextConnection.objects.update(expires_at=timezone.now())
    assert "La connexion a expiré le" in words(client.get(address))


def test_the_settings_are_saved_from_the_page(client, company):
    address = f"/dossiers/{company.pk}/dext/"
    marker, no_vat = company.vat_codes.get(code="TVA10"), company.vat_codes.get(code="EXO")
    body = {"publish_destination": "achats", "vat_marker": marker.pk, "no_vat_marker": no_vat.pk}
    refused = client.post(address, {"publish_destination": "achats"})
    assert refused.status_code == 422
    assert "Ce champ est obligatoire" in words(refused)
    assert client.post(address, body | {"vat_by_line": "on"}).status_code == 302
    company.integration_settings.refresh_from_db()
    assert company.integration_settings.vat_marker == marker
    assert company.integration_settings.vat_by_line is True


def test_a_reader_sees_the_settings_and_changes_nothing(company):
    client = Client()
    client.force_login(member_of(company, Role.READER))
    page = words(client.get(f"/dossiers/{company.pk}/dext/"))
    assert "Enregistrer" not in page
    assert client.post(f"/dossiers/{company.pk}/dext/", {}).status_code == 403


def test_the_page_shows_where_dext_is_told_and_what_to_do_where_it_does_not_answer(client, dext, company):
    address = f"/dossiers/{company.pk}/dext/"
    assert "Dext n’a rien demandé" in words(client.get(address))
    dext.call("post", "webhooks/", {"url": "https://hooks.dext.example/meg?key=s3cr3t"})
    stranger = CompanyFactory()
    calling(member_of(stranger), stranger).call("post", "webhooks/", {"url": "https://stranger.example/meg"})
    page = words(client.get(address))
    assert f"hooks.dext.example</strong>, demandé par {dext.user}" in page
    assert "Rien encore sur ce dossier" in page
    assert "s3cr3t" not in page
    assert "stranger.example" not in page
    Webhook.objects.update(disabled_at=timezone.now(), disabled_because="le serveur a répondu 500")
    page = words(client.get(address))
    assert "ne répond plus (le serveur a répondu 500)" in page
    assert "Prévenez l’assistance de Dext" in page


def test_the_page_of_the_connection_costs_the_same_however_many_webhooks(
    client, dext, company, django_assert_num_queries
):
    address = f"/dossiers/{company.pk}/dext/"
    client.get(address)
    with django_assert_num_queries(9):  # its last reception is asked for apart where nobody ever connected it
        client.get(address)
    dext.publish(item())
    with django_assert_num_queries(8):
        assert "Dernière réception" in words(client.get(address))
    for number in range(5):
        dext.call("post", "webhooks/", {"url": f"https://hooks.dext.example/{number}"})
    with django_assert_num_queries(9):  # the last deliveries, once there is a webhook
        client.get(address)

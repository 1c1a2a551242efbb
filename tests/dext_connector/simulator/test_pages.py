"""The simulator's pages: closed in production, in Dext's own words, and each deed comes back to its page."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import PurchaseInvoice
from dext_connector.models import RuleArchive
from dext_connector.simulator.state import store
from dext_connector.simulator.urls import urlpatterns
from tests.factories.firms import PASSWORD


@pytest.fixture
def dext_page(meg) -> Client:
    """A browser at MEG's own address: the page calls the API where it is served."""
    return Client(headers={"host": urlsplit(meg.url).netloc}, raise_request_exception=True)


def path(name: str, **words: str) -> str:
    return reverse(f"simulator:{name}", kwargs=words)


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("switched", [{"PRODUCTION": True}, {"DEMO": False}])
def test_no_page_of_it_exists_in_production(client, settings, pattern, switched):
    for name, value in switched.items():
        setattr(settings, name, value)
    words = {"external_id": "RB-88213"} if "external_id" in str(pattern.pattern) else {}
    for method in (client.get, client.post):
        assert method(path(pattern.name, **words)).status_code in {404, 405}


def test_who_is_not_connected_comes_to_the_connection(client):
    response = client.get(path("inbox"), follow=True)
    assert response.redirect_chain[-1][0] == path("connection")
    said = response.content.decode()
    assert "Paramètres › Connexions › Intégration › Choisir le logiciel › MEG" in said
    assert "Renseignez vos identifiants de connexion MEG" in said
    assert "Ce n’est pas Dext." in said


def test_a_connection_leads_to_the_settings_in_dexts_words(dext_page, meg):
    response = dext_page.post(path("connection"), {"email": meg.email, "password": PASSWORD}, follow=True)
    said = response.content.decode()
    for words in (
        "Publier par défaut dans *",
        "Afficher le taux de TVA par éléments",
        "Utiliser le taux de TVA fournisseur",
        "Marqueur TVA *",
        "Pas de TVA par défaut *",
        "* paramètres obligatoires",
        "Le montant extrait sera envoyé par défaut, peu importe le marqueur choisi.",
        "devront être reparamétrées.",
        "Paramètres du Compte Automatisés",
    ):
        assert words in said


def test_refused_credentials_are_said_in_megs_words(dext_page, meg):
    response = dext_page.post(path("connection"), {"email": meg.email, "password": "x"}, follow=True)
    assert "Adresse ou mot de passe incorrect." in response.content.decode()


def test_settings_that_meg_refuses_come_back_with_its_sentence(dext_page, connected):
    response = dext_page.post(path("settings"), {"publish_destination": "achats"}, follow=True)
    assert response.redirect_chain[-1][0] == path("settings")
    assert "Marqueur TVA" in next(str(message) for message in response.context["messages"])


def test_an_item_is_mended_then_published_then_opened_in_meg(dext_page, connected):
    words = {"external_id": "RB-88216"}
    dext_page.post(path("mend", **words), {"account": "62570000", "line_total": ["9,50", "4,60"]})
    said = dext_page.post(path("publish", **words), follow=True).content.decode()
    invoice = PurchaseInvoice.objects.get()
    assert f"/achats/{invoice.pk}/" in said
    assert "Ouvrir dans MEG" in said


def test_the_firms_defaults_are_read_and_written(dext_page, connected, company):
    company.firm.memberships.update(role="administrator")
    assert "jamais à ceux qui existent" in dext_page.get(path("account_settings")).content.decode()
    chosen = {"publish_destination": "achats", "vat_marker": "TVA10", "no_vat_marker": "EXO", "vat_by_line": "non"}
    dext_page.post(path("account_settings"), chosen)
    company.firm.integration_defaults.refresh_from_db()
    assert company.firm.integration_defaults.vat_marker_code == "TVA10"


def test_every_button_of_the_inbox_comes_back_to_it(dext_page, connected):
    for name in ("refresh", "publish_all", "erase", "reset"):
        response = dext_page.post(path(name))
        assert (name, response.status_code, response["Location"]) == (name, 302, path("inbox"))
    dext_page.post(path("automatic"), {"is_on": "oui"})
    assert store().read()["is_automatic"] is True
    assert dext_page.post(path("disconnection"))["Location"] == path("connection")


def test_a_reset_meanwhile_is_said(dext_page, connected):
    response = dext_page.post(path("publish", external_id="RB-1"), follow=True)
    assert "remise à zéro" in response.content.decode()


def test_what_is_no_amount_is_said_and_changes_nothing(dext_page, connected):
    words = {"account": "62570000", "line_total": ["9,50", "beaucoup"]}
    response = dext_page.post(path("mend", external_id="RB-88216"), words, follow=True)
    assert "«\u00a0beaucoup\u00a0» n’est pas un montant." in response.content.decode()
    assert store().read()["items"][2]["item"]["lines"][1]["total"] == "4.50"


def test_an_activation_wants_to_be_confirmed(dext_page, connected):
    said = dext_page.get(path("activation")).content.decode()
    assert "! IMPORTANT : en activant l’intégration, les règles fournisseur seront remplacées" in said
    assert "Franprix" in said
    dext_page.post(path("activation"))
    assert not RuleArchive.objects.exists()
    said = dext_page.post(path("activation"), {"is_understood": "oui"}, follow=True).content.decode()
    assert "Règles fournisseur de MEG" in said
    assert RuleArchive.objects.count() == 1


def test_a_consent_leads_to_megs_page_and_an_unasked_return_to_the_connection(dext_page, meg):
    asked = dext_page.post(path("consent"))["Location"]
    assert asked.startswith(f"{meg.url}/oauth/authorize/?response_type=code&client_id=dext")
    assert "code_challenge_method=S256" in asked
    response = dext_page.get(path("consent_return"), {"code": "x", "state": "autre"}, follow=True)
    assert response.redirect_chain[-1][0] == path("connection")
    assert "aucune demande" in response.content.decode()


def test_returns_are_waited_for_shown_and_refused_without_a_signature(dext_page, connected):
    assert dext_page.post(path("returns"), "{}", content_type="application/json").status_code == 404
    dext_page.post(path("returns_registration"))
    assert dext_page.post(path("returns"), "{}", content_type="application/json").status_code == 401
    dext_page.post(path("publish", external_id="RB-88213"))
    said = dext_page.post(path("returns_poll"), follow=True).content.decode()
    assert "Reçue dans MEG" in said
    assert "RB-88213 · Starbucks" in said
    assert "signature absente ou illisible" in said
    secret = store().read()["webhook"]["secret"]
    assert secret not in said
    assert secret not in str(store().read()["calls"])


def test_a_published_item_may_be_changed_and_its_picture_sent_again(dext_page, connected):
    words = {"external_id": "RB-88213"}
    dext_page.post(path("publish", **words))
    assert "l’écriture n’a pas changé" in dext_page.post(path("picture", **words), follow=True).content.decode()
    said = dext_page.post(path("mend", **words), {"account": "60630000"}, follow=True).content.decode()
    assert "Ouvrir dans MEG" in said
    dext_page.post(path("publish_all"))
    assert PurchaseInvoice.objects.get().lines.get().account.code == "60630000"


def test_the_inbox_asks_meg_nothing_while_nothing_came_back(dext_page, connected, django_assert_num_queries):
    with django_assert_num_queries(0):
        dext_page.get(path("inbox"))

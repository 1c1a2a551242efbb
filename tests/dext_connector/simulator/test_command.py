"""`manage.py dext`: all through HTTP, a line an item, and an exit code that says whether each had its fate."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from achats.models import PurchaseInvoice
from dext_connector.models import PublishBatch, Webhook
from dext_connector.simulator.state import store
from tests.dext_connector.conftest import item
from tests.factories.achats import pdf
from tests.factories.firms import PASSWORD, CompanyFactory, member_of


def dext(*words: str) -> str:
    said = StringIO()
    call_command("dext", *words, stdout=said)
    return said.getvalue()


def as_user(meg) -> list[str]:
    return ["--url", meg.url, "--email", meg.email, "--password", PASSWORD]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "starbucks.json").write_text(json.dumps(item()))
    (tmp_path / "starbucks.pdf").write_bytes(pdf())
    (tmp_path / "wrong.json").write_text(json.dumps(item(external_id="RB-2", account="62579999")))
    return tmp_path


def test_a_folder_is_published_with_a_line_an_item_and_a_summary(meg, folder):
    said = dext("publish", str(folder), *as_user(meg)).splitlines()
    assert said[0] == "RB-88213  Starbucks  4,85 EUR  Créée, prêt"
    assert said[1].startswith("RB-2  Starbucks  4,85 EUR  Refusée")
    assert "62579999" in said[1]
    assert said[2] == f"2 documents pour {meg.company.code}\u00a0: créée 1, refusée 1."
    assert PurchaseInvoice.objects.get().attachments.get().document.filename == "starbucks.pdf"


def test_a_folder_published_again_adds_nothing(meg, folder):
    dext("publish", str(folder), *as_user(meg))
    assert "rejouée 1, refusée 1." in dext("publish", str(folder), *as_user(meg))
    assert PurchaseInvoice.objects.count() == 1


def test_items_come_from_a_json_lines_file(meg, tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps(item(external_id=f"I{n}", reference=f"F{n}")) + "\n" for n in range(5)))
    assert "créée 5." in dext("publish", str(path), *as_user(meg))
    assert PurchaseInvoice.objects.count() == 5


def test_a_stored_connection_serves_the_commands_that_follow(meg, folder):
    assert meg.company.code in dext("connect", *as_user(meg))
    assert "TVA20" in dext("settings", "--url", meg.url)
    assert "créée 1" in dext("publish", str(folder), "--url", meg.url)


def test_a_token_is_not_shown_to_another_address(meg):
    dext("connect", *as_user(meg))
    with store().change() as state:
        state["connection"]["base_url"] = "http://other.test"
    with pytest.raises(CommandError, match="incorrect"):
        dext("settings", "--url", meg.url)


def test_the_company_is_chosen_by_its_code(meg, folder):
    other = CompanyFactory(firm=meg.company.firm)
    said = dext("publish", str(folder), "--company", other.code, *as_user(meg))
    assert f"pour {other.code}" in said
    assert PurchaseInvoice.objects.get().company == other


def test_a_company_of_another_firm_is_not_reached(meg, folder):
    other = CompanyFactory()
    with pytest.raises(CommandError, match=f"Aucun dossier «\u00a0{other.code}\u00a0»"):
        dext("publish", str(folder), "--company", other.code, *as_user(meg))


def test_a_code_that_two_firms_have_wants_the_firm(meg):
    twin = CompanyFactory(code=meg.company.code)
    user = member_of(twin)
    user.memberships.create(firm=meg.company.firm, role="accountant", sees_all_companies=True)
    credentials = ["--url", meg.url, "--email", user.email, "--password", PASSWORD]
    with pytest.raises(CommandError, match="précisez --firm"):
        dext("connect", "--company", twin.code, *credentials)
    assert twin.name in dext("connect", "--company", twin.code, "--firm", twin.firm.code, *credentials)


def test_no_server_is_one_sentence_and_exit_code_1(settings):
    settings.BASE_URL = ""
    with pytest.raises(CommandError, match="Aucun serveur MEG ne tourne") as refused:
        dext("settings")
    assert refused.value.returncode == 1


def test_a_server_that_does_not_answer_is_one_sentence_and_exit_code_1(settings):
    with pytest.raises(CommandError, match="ne répond à l’adresse") as refused:
        dext("settings", "--url", "http://127.0.0.1:9")
    assert refused.value.returncode == 1


def test_refused_credentials_are_exit_code_1(meg):
    with pytest.raises(CommandError, match="incorrect") as refused:
        dext("connect", "--url", meg.url, "--email", meg.email, "--password", "x")
    assert refused.value.returncode == 1


def test_the_inbox_is_listed_as_dext_draws_it():
    said = dext("inbox").splitlines()
    assert said[0].startswith("19-Aug-19  Franprix")
    assert said[0].endswith("Pas prêt  Il manque le compte de charge.")


def test_the_inbox_is_published_by_one_batch(meg):
    dext("connect", *as_user(meg))
    said = dext("publish-all", "--batch", "--url", meg.url)
    assert "RB-88213  Starbucks  EUR 4,85  publié, prêt" in said
    assert "Publiés\u00a0: 1 sur 1." in said
    assert PublishBatch.objects.count() == 1
    assert "Publiés\u00a0: 0 sur 0." in dext("publish-all", "--url", meg.url)


def test_the_integration_is_activated_and_its_rules_listed(meg):
    said = dext("activate", *as_user(meg))
    assert "règles archivées\u00a0: 3." in said
    assert "Franprix" in said
    assert "Règles fournisseur de" in dext("rules", "--url", meg.url)


def test_events_are_read_on_from_where_they_were(meg):
    dext("connect", *as_user(meg))
    dext("publish-all", "--url", meg.url)
    assert "purchase.received" in dext("events", "--url", meg.url)
    assert dext("events", "--url", meg.url) == "Nouveaux événements\u00a0: 0.\n"


def test_webhooks_are_added_tested_and_listed(meg):
    dext("connect", *as_user(meg))
    own = f"{meg.url}/simulateur/retours/"
    assert own in dext("webhooks", "add", "--url", meg.url)
    assert "mwh_" in dext("webhooks", "add", "https://dext.example.com/meg", "--url", meg.url)
    said = dext("webhooks", "--url", meg.url)
    assert own in said
    assert "Retours enregistrés\u00a0: 2." in said
    assert "Essai demandé" in dext("webhooks", "test", "--url", meg.url)
    assert Webhook.objects.get(url=own).deliveries.count() == 1


def test_an_address_that_meg_does_not_call_is_one_sentence(meg):
    with pytest.raises(CommandError, match="adresse"):
        dext("webhooks", "add", "https://10.0.0.1/", *as_user(meg))

"""« Règles fournisseur »: to take, to choose, to ignore, to take all, to undo; the live rules; the sheet."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from achats.models import Supplier, SupplierRule
from dext_connector.models import ArchivedRule, RuleDeed
from firms.models import Event, Role
from tests.factories.firms import CompanyFactory, member_of

RULES = [
    {"supplier": "Orange", "account": "626", "vat_rate": "20.00", "due_days": 30, "description": "Téléphone"},
    {"supplier": "Starbucks", "account": "Réceptions", "payment_method": "Paiement Pro (1234)", "paid": True},
    {"supplier": "Inconnu", "account": "Compte de Dext"},
]


@pytest.fixture
def client(dext, company) -> Client:
    dext.call("post", dext.on_company("activation/"), {"rules": RULES})
    client = Client()
    client.force_login(dext.user)
    return client


def words(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def at(company, path: str = "") -> str:
    return f"/dossiers/{company.pk}/dext/regles/{path}"


def rule_of(name: str) -> ArchivedRule:
    return ArchivedRule.objects.get(supplier_name=name, is_current=True)


def live(company) -> dict[str, SupplierRule]:
    rows = SupplierRule.objects.filter(company=company).select_related("supplier", "account", "vat_code")
    return {rule.supplier.name: rule for rule in rows}


def deed(client, company, name: str, what: str, **body):
    return client.post(at(company, f"{rule_of(name).pk}/{what}/"), {"etat": rule_of(name).state} | body)


def undo(client, company):
    (latest,) = RuleDeed.objects.filter(company=company, undone_at=None)[:1]
    return client.post(at(company, f"gestes/{latest.pk}/annulation/"), follow=True)


def test_the_page_shows_each_rule_with_its_proposal_and_why(client, company):
    page = words(client.get(at(company)))
    assert "62600000" in page
    assert "Même numéro, écrit sur 3 caractères dans Dext." in page
    assert "TVA 20,00 % · 30 jours · Téléphone" in page
    assert "Prendre les 2 proposées" in page
    assert page.count(">Prendre</button>") == 2
    assert "3 règles archivées, 2 proposées" in words(client.get(f"/dossiers/{company.pk}/dext/"))


def test_before_the_activation_one_reads_what_it_will_change(dext, company):
    client = Client()
    client.force_login(dext.user)
    for address in (at(company), f"/dossiers/{company.pk}/dext/"):
        assert "Voici ce qui changera." in words(client.get(address))


def test_a_proposal_that_is_taken_becomes_the_live_rule_of_its_supplier(client, company):
    answer = deed(client, company, "Orange", "prise")
    assert answer["Location"].endswith(f"#regle-{rule_of('Orange').pk}")
    rule = live(company)["Orange"]
    assert (rule.account.code, rule.vat_code.code, rule.due_days, rule.description) == (
        "62600000", "TVA20", 30, "Téléphone"
    )  # fmt: skip
    taken = rule_of("Orange")
    assert (taken.state, taken.account, taken.decided_by) == ("taken", rule.account, RuleDeed.objects.get().by)
    assert Event.objects.filter(company=company, kind="rule.created", subject_id=rule.pk).exists()
    assert "Prise" in words(client.get(at(company, "?onglet=prises")))


def test_htmx_is_answered_the_row_the_counts_and_the_last_deed(client, company):
    address = at(company, f"{rule_of('Starbucks').pk}/prise/")
    answer = client.post(address, {"etat": "undecided"}, headers={"HX-Request": "true"})
    body = words(answer)
    assert body.lstrip().startswith("<tr data-row")
    for part in ('id="onglets"', 'id="derniere-action"', 'id="tout-prendre"', 'id="annonce"'):
        assert part in body
    assert "<html" not in body
    rule = live(company)["Starbucks"]
    assert (rule.payment_method.label, rule.is_paid) == ("Paiement Pro (1234)", True)


def test_another_account_is_chosen_by_number_or_label(client, company):
    deed(client, company, "Inconnu", "choix", compte="récep")
    assert live(company)["Inconnu"].account.code == "62570000"
    deed(client, company, "Inconnu", "choix", compte="6063")
    assert live(company)["Inconnu"].account.code == "60630000"
    undo(client, company)
    assert live(company)["Inconnu"].account.code == "62570000"
    assert rule_of("Inconnu").account.code == "62570000"
    undo(client, company)
    assert live(company) == {}
    assert rule_of("Inconnu").state == "undecided"


@pytest.mark.parametrize("account", ["", "nulle part", "401", "606"])
def test_an_account_that_is_none_is_refused_in_its_row(client, company, account):
    address = at(company, f"{rule_of('Orange').pk}/choix/")
    answer = client.post(address, {"etat": "undecided", "compte": account}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "error-text" in words(answer)
    assert live(company) == {}


def test_what_a_colleague_did_meanwhile_is_said(client, company):
    deed(client, company, "Orange", "rejet")
    address = at(company, f"{rule_of('Orange').pk}/prise/")
    answer = client.post(address, {"etat": "undecided"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "a changé entre-temps" in words(answer)
    assert live(company) == {}
    assert deed(client, company, "Orange", "rejet").status_code == 302
    assert RuleDeed.objects.count() == 1


def test_all_proposals_are_taken_in_one_deed_and_undone_in_one(client, company):
    page = client.post(at(company, "propositions/"), follow=True)
    assert "2 règles prises." in words(page)
    assert set(live(company)) == {"Orange", "Starbucks"}
    assert RuleDeed.objects.count() == 1
    assert "les règles sont comme avant" in words(undo(client, company))
    assert live(company) == {}
    assert {rule.state for rule in ArchivedRule.objects.all()} == {"undecided"}
    again = client.post(at(company, f"gestes/{RuleDeed.objects.get().pk}/annulation/"), follow=True)
    assert "déjà annulé" in words(again)


def test_to_take_all_never_replaces_a_rule_of_meg(client, company):
    supplier = Supplier.objects.create(company=company, name="ORANGE")
    mine = SupplierRule.objects.create(
        company=company, supplier=supplier, account=company.accounts.get(code="60630000")
    )
    page = words(client.post(at(company, "propositions/"), follow=True))
    assert "1 règle prise." in page
    assert "1 règle laissée à décider" in page
    assert "En vigueur : 60630000" in page
    mine.refresh_from_db()
    assert mine.account.code == "60630000"


def test_to_undo_leaves_what_was_changed_since(client, company):
    client.post(at(company, "propositions/"))
    SupplierRule.objects.filter(supplier__name="Orange").update(due_days=5)
    page = words(undo(client, company))
    assert "1 règle a changé depuis" in page
    assert set(live(company)) == {"Orange"}


def test_a_supplier_to_whom_two_answer_takes_no_rule(client, company):
    for _ in range(2):
        Supplier.objects.create(company=company, name="Orange")
    answer = client.post(
        at(company, f"{rule_of('Orange').pk}/prise/"), {"etat": "undecided"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Deux fournisseurs de MEG répondent" in words(answer)
    client.post(at(company, "propositions/"))
    assert set(live(company)) == {"Starbucks"}


def test_an_account_archived_since_is_proposed_no_more(client, company):
    company.accounts.filter(code="62600000").update(is_active=False)
    page = words(client.get(at(company)))
    assert "Prendre la proposition" in page
    assert page.count(">Prendre</button>") == 1
    assert deed(client, company, "Orange", "prise").status_code == 302
    assert live(company) == {}


def test_the_page_costs_the_same_for_three_rules_as_for_many(client, dext, company, django_assert_num_queries):
    with django_assert_num_queries(10):
        client.get(at(company))
    many = [{"supplier": f"Fournisseur {n:03}", "account": "6257"} for n in range(120)]
    dext.call("post", dext.on_company("activation/"), {"rules": many})
    client.post(at(company, "propositions/"))
    with django_assert_num_queries(10):
        page = client.get(at(company, "?onglet=prises"))
    assert words(page).count("<tr data-row") == 50
    with django_assert_num_queries(8):
        client.get(at(company, "en-vigueur/"))
    assert "Fournisseur 110" in words(client.get(at(company, "?onglet=prises&q=fournisseur%20110")))


def test_thousands_of_proposals_are_taken_in_few_queries(client, dext, company, django_assert_max_num_queries):
    many = [{"supplier": f"Fournisseur {n}", "account": "6257"} for n in range(1_500)]
    dext.call("post", dext.on_company("activation/"), {"rules": many})
    with django_assert_max_num_queries(60):
        client.post(at(company, "propositions/"))
    assert SupplierRule.objects.filter(company=company).count() == 1_502


def test_who_reads_sees_the_rules_and_changes_nothing(client, company):
    reader = Client()
    reader.force_login(member_of(company, Role.READER))
    page = words(reader.get(at(company)))
    assert "62600000" in page
    assert "Prendre" not in page
    for path in ("propositions/", f"{rule_of('Orange').pk}/prise/", "import/"):
        assert reader.post(at(company, path)).status_code == 403


def test_a_rule_of_another_company_is_not_found(client, company):
    other = CompanyFactory(firm=company.firm)
    stranger = Client()
    stranger.force_login(member_of(other))
    for path in (f"{rule_of('Orange').pk}/prise/", f"{rule_of('Orange').pk}/choix/"):
        body = {"etat": "undecided", "compte": "62570000"}
        assert stranger.post(at(other, path), body).status_code == 404
    assert live(company) == {}


def test_a_live_rule_is_changed_and_deleted(client, company):
    deed(client, company, "Orange", "prise")
    rule = live(company)["Orange"]
    assert "Téléphone" in words(client.get(at(company, "en-vigueur/?q=orange")))
    here = at(company, f"en-vigueur/{rule.pk}/")
    assert "62600000" in words(client.get(here))
    body = {"account": "6257", "vat_code": "", "payment_method": "", "due_days": "45", "description": "Mobile"}
    assert client.post(here, body | {"due_days": "500"}).status_code == 422
    assert client.post(here, {}).status_code == 422
    assert client.post(here, body).status_code == 302
    rule.refresh_from_db()
    assert (rule.account.code, rule.vat_code, rule.due_days, rule.description) == ("62570000", None, 45, "Mobile")
    assert client.post(f"{here}suppression/").status_code == 302
    assert live(company) == {}


def sheet(client, company, text: str):
    file = SimpleUploadedFile("regles.csv", text.encode("utf-8-sig"))
    return client.post(at(company, "import/"), {"feuille": file}, follow=True)


def exported(client, company) -> list[str]:
    answer = client.get(at(company, "export/"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Disposition"].startswith("attachment")
    return answer.content.decode("utf-8-sig").splitlines()


def test_the_sheet_goes_out_is_mended_and_comes_back(client, company):
    lines = exported(client, company)
    assert lines[0].startswith("Identifiant;Fournisseur;Compte dans Dext;Nouveau compte;")
    mended = [line.replace(";Compte de Dext;;", ";Compte de Dext;6063;") for line in lines]
    page = words(sheet(client, company, "\r\n".join(mended)))
    assert "Feuille importée : 3 règles." in page
    assert live(company)["Inconnu"].account.code == "60630000"
    assert live(company)["Orange"].account.code == "62600000"
    assert "ne change rien" in words(sheet(client, company, "\r\n".join(exported(client, company))))
    undo(client, company)
    assert live(company) == {}


def test_a_faulty_sheet_applies_nothing_and_tells_each_line(client, company):
    lines = exported(client, company)
    lines[1] = lines[1].replace(";Compte de Dext;;", ";Compte de Dext;40100000;")
    lines.append("x;Rien;1;62570000")
    lines.append(lines[2])
    answer = sheet(client, company, "\n".join(lines))
    page = words(answer)
    assert answer.status_code == 422
    for number in (2, 5, 6):
        assert f"Ligne {number} :" in page
    assert "3 lignes à corriger" in page
    assert live(company) == {}


@pytest.mark.parametrize("text", ["", "a;b\n1;2", '"'])
def test_what_is_no_sheet_is_said_so(client, company, text):
    assert sheet(client, company, text).status_code == 422

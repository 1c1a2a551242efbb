"""What an accountant does with statements and payment methods, in a real browser."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from banking.models import PaymentMethodMapping
from firms.models import Company
from tests.banking.statements.writers import Move, cfonb
from tests.factories.achats import PaymentMethodFactory
from tests.factories.banking import BankAccountFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_statement_is_uploaded_and_its_lines_are_read(
    signed_in: Page, live_server, company: Company, tmp_path, assert_accessible: Callable[[], None]
):
    file = tmp_path / "bnp_1126.txt"
    file.write_text(cfonb([Move(date(2026, 11, 10), -485, "CB STARBUCKS 0911 PARIS")]), encoding="latin-1")
    signed_in.goto(live_server.url + reverse("banking:accounts", args=[company.pk]))
    expect(signed_in.get_by_role("heading", name="Aucun compte bancaire")).to_be_visible()
    signed_in.get_by_role("link", name="Importer un relevé").first.click()
    signed_in.get_by_label("Déposez des relevés ici").set_input_files(file)
    signed_in.get_by_label("Créer le compte bancaire").check()
    signed_in.get_by_role("button", name="Importer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("1\u00a0ligne nouvelle")
    assert_accessible()
    signed_in.get_by_role("link", name="…5678").click()
    expect(signed_in.get_by_role("row").filter(has_text="CB STARBUCKS 0911 PARIS")).to_contain_text("4,85")
    assert_accessible()


def test_a_large_statement_is_read_by_the_worker_while_the_page_waits(
    signed_in: Page, live_server, company: Company, tmp_path, celery_worker_process
):
    moves = [Move(date(2026, 11, 1 + n % 28), -n - 1, f"CB {n}") for n in range(5_000)]
    file = tmp_path / "long.txt"
    file.write_text(cfonb(moves), encoding="latin-1")
    signed_in.goto(live_server.url + reverse("banking:imports", args=[company.pk]))
    signed_in.get_by_label("Déposez des relevés ici").set_input_files(file)
    signed_in.get_by_label("Créer le compte bancaire").check()
    signed_in.get_by_role("button", name="Importer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("La lecture commence")
    row = signed_in.get_by_role("row").filter(has_text="long.txt")
    expect(row).to_contain_text("5\u00a0000\u00a0nouvelles", timeout=60_000)
    signed_in.get_by_text("Annuler l’import").click()
    signed_in.get_by_role("button", name="Annuler cet import").click()
    expect(signed_in.get_by_role("status")).to_contain_text("5\u00a0000\u00a0lignes retirées.")


def test_the_columns_of_an_unknown_csv_are_named_once(
    signed_in: Page, live_server, company: Company, tmp_path, assert_accessible: Callable[[], None]
):
    account = BankAccountFactory.create(company=company, label="Banque Test")
    file = tmp_path / "banque.csv"
    file.write_text("Jour;Intitulé;Mouvement\n05/11/2026;PRLV EDF;-124,80\n06/11/2026;VIR ACME;2 400,00\n")
    signed_in.goto(live_server.url + reverse("banking:imports", args=[company.pk]))
    signed_in.get_by_label("Déposez des relevés ici").set_input_files(file)
    signed_in.get_by_role("button", name="Importer").click()
    signed_in.get_by_role("link", name="Nommer les colonnes").click()
    assert_accessible()
    signed_in.get_by_label("Colonne 3, Mouvement").select_option(label="Montant")
    signed_in.get_by_label("Ordre des dates").select_option(label="jour/mois/année")
    expect(signed_in.get_by_text("2\u00a0dates lues, somme 2\u00a0275,20\u00a0€")).to_be_visible()
    signed_in.get_by_label("Nom de ce modèle").fill("Banque Test")
    signed_in.get_by_role("button", name="Enregistrer ce modèle").click()
    expect(signed_in.get_by_role("status")).to_contain_text("à quel compte il appartient")
    assert_accessible()
    signed_in.get_by_label("Compte de banque.csv").select_option(label="Banque Test")
    signed_in.get_by_role("row").filter(has_text="Le fichier ne dit pas").get_by_role("button", name="Importer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("2\u00a0lignes nouvelles")
    assert account.transactions.count() == 2


def test_a_payment_method_is_drawn_on_its_account(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    account = BankAccountFactory.create(company=company, label="Carte Pro", last_four="1234")
    method = PaymentMethodFactory.create(company=company, label="Paiement Pro (1234)")
    signed_in.goto(live_server.url + reverse("banking:methods", args=[company.pk]))
    signed_in.get_by_label("Paiement Pro (1234)").select_option(label="Carte Pro …1234")
    assert_accessible()
    signed_in.get_by_role("button", name="Enregistrer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Moyens de paiement enregistrés.")
    assert PaymentMethodMapping.objects.get(payment_method=method).bank_account == account

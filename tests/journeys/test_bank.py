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
    signed_in.get_by_label("Relevés au format").set_input_files(file)
    signed_in.get_by_label("Créer le compte bancaire").check()
    signed_in.get_by_role("button", name="Importer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("1\u00a0ligne nouvelle")
    assert_accessible()
    signed_in.get_by_role("link", name="…5678").click()
    expect(signed_in.get_by_role("row").filter(has_text="CB STARBUCKS 0911 PARIS")).to_contain_text("4,85")
    assert_accessible()


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

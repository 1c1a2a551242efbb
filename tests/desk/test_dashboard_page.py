"""The dashboard of a company: every number is a link to the rows behind it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banking.models import Match, MatchState
from dext_connector.models import DextConnection, InboxItem
from firms.models import Company, Role
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory, BankStatementFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(client: Client) -> Company:
    company = CompanyFactory()
    client.force_login(member_of(company))
    return company


def page(client: Client, company: Company) -> str:
    return client.get(f"/dossiers/{company.pk}/").content.decode()


def receive(company: Company, fate: str, *, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    InboxItem.objects.create(company=company, fate=fate, body_sha256="0" * 64, http_status=422, received_at=at)


def test_a_new_company_shows_the_three_first_steps(client: Client, company: Company):
    shown = page(client, company)
    assert "1 Connecter Dext" in shown
    assert "2 Importer un relevé" in shown
    assert "3 Publier la première facture" in shown


def test_a_connected_company_says_until_when(client: Client, company: Company):
    ends = timezone.now() + timedelta(days=365)
    DextConnection.objects.create(
        company=company, connected_at=timezone.now(), connected_by=member_of(company), expires_at=ends
    )
    assert f"Connecté, jusqu’au {timezone.localtime(ends):%d/%m/%Y}" in page(client, company)


def test_the_refusals_of_the_week_are_counted_and_not_those_of_another_company(client: Client, company: Company):
    receive(company, "refused")
    receive(company, "refused", days_ago=8)
    receive(company, "failed")
    receive(CompanyFactory(firm=company.firm), "refused")
    assert client.get(f"/dossiers/{company.pk}/").context["dashboard"].counts["refused"] == 1


def test_every_line_is_a_link_to_its_list_even_at_zero(client: Client, company: Company):
    shown = page(client, company)
    for tab in ("pas-pret", "pret", "a-rapprocher"):
        assert f'href="/dossiers/{company.pk}/achats/?onglet={tab}"' in shown


def test_the_dashboard_asks_seven_questions(client: Client, company: Company, django_assert_num_queries):
    with django_assert_num_queries(7):
        page(client, company)


def test_what_waits_says_its_first_reasons_and_what_it_comes_to(client: Client, company: Company):
    for _ in range(2):
        PurchaseInvoiceFactory.create(company=company, account=None)
    PurchaseInvoiceFactory.create(company=company, gross_amount=Decimal("8412.60"))
    PurchaseInvoiceFactory.create(company=CompanyFactory(firm=company.firm), account=None)
    shown = page(client, company).replace("\xa0", " ")
    link = f"/dossiers/{company.pk}/achats/?onglet=pas-pret&amp;signal=account_missing"
    assert f'href="{link}">Compte 2</a>' in shown
    assert "8 412,60 €" in shown
    assert len(client.get(link.replace("&amp;", "&")).context["page"].rows) == 2


def test_a_purchase_counts_under_each_of_its_reasons(client: Client, company: Company):
    PurchaseInvoiceFactory.create(company=company, account=None)
    PurchaseInvoiceFactory.create(company=company, account=None)
    company.purchase_invoices.update(
        reasons=[
            {"code": "account_missing", "badge": "Compte", "message": ""},
            {"code": "entry_not_supported", "badge": "Import", "message": ""},
        ]
    )
    one = company.purchase_invoices.first()
    one.reasons = [{"code": "entry_not_supported", "badge": "Autoliquidation", "message": ""}]
    one.save()
    reasons = client.get(f"/dossiers/{company.pk}/").context["dashboard"].waiting["not_ready"].reasons
    assert [(reason.words, reason.count) for reason in reasons] == [
        ("Écriture à passer autrement", 2),
        ("Compte", 1),
    ]


def test_the_bank_is_known_until_its_statement_closes(client: Client, company: Company):
    account = BankAccountFactory(company=company)
    closed = timezone.localdate() - timedelta(days=3)
    statement = BankStatementFactory.create(account=account, closing_on=closed)
    BankTransactionFactory.create(account=account, statement=statement, booked_on=closed - timedelta(days=40))
    shown = page(client, company)
    assert f"Relevé au {closed:%d/%m/%Y}" in shown
    assert "(à jour)" in shown
    account.statements.update(closing_on=closed - timedelta(days=17))
    assert "(il y a 20\u00a0jours)" in page(client, company)
    account.statements.update(closing_on=closed - timedelta(days=40))
    stop = f"les rapprochements s’arrêtent au {closed - timedelta(days=40):%d/%m/%Y}."
    assert f"Un relevé manque depuis 43\u00a0jours\u00a0: {stop}" in page(client, company)


def test_the_first_steps_are_links_to_where_one_takes_them(client: Client, company: Company):
    shown = page(client, company)
    for path in ("dext/", "banque/imports/", "receptions/"):
        assert f'<a class="plain" href="/dossiers/{company.pk}/{path}"><span class="badge todo">' in shown


def test_the_year_of_the_books_and_their_closing_are_said(client: Client, company: Company):
    today = timezone.localdate()
    year = company.fiscal_years.get(starts_on__lte=today, ends_on__gte=today)
    company.bookkeeping.locked_until = date(2019, 7, 31)
    company.bookkeeping.save()
    opened = f"ouvert depuis le {year.starts_on:%d/%m/%Y}"
    assert f"Exercice {year.ends_on:%Y} · {opened} · clos jusqu’au 31/07/2019" in page(client, company)
    company.fiscal_years.all().delete()
    assert "Aucun exercice ouvert" in page(client, company)


def test_nothing_that_waits_is_said_in_words(client: Client, company: Company):
    assert "Rien n’attend." in page(client, company)
    PurchaseInvoiceFactory.create(company=company)
    assert "Rien n’attend." not in page(client, company)


def test_automatic_matches_that_nobody_read_are_a_link_to_the_review(client: Client, company: Company):
    invoice = PurchaseInvoiceFactory.create(company=company)
    line = BankTransactionFactory.create(account=BankAccountFactory(company=company), amount=-invoice.gross_amount)
    pair = {"company": company, "invoice": invoice, "transaction": line}
    Match.objects.create(**pair, state=MatchState.AUTO, amount_cents=1_200)
    shown = page(client, company)
    assert "<strong>1</strong> rapprochement automatique à relire" in shown
    assert f'href="/dossiers/{company.pk}/rapprochement/?onglet=a-relire"' in shown


def test_the_first_steps_are_hidden_for_all_and_shown_again(client: Client, company: Company):
    place = reverse("desk:first_steps", args=[company.pk])
    assert client.post(place, {"etapes": "masquer"})["Location"] == f"/dossiers/{company.pk}/"
    client.post(place, {"etapes": "masquer"})
    client.force_login(member_of(company))
    assert "Pour commencer" not in page(client, company)
    assert "Afficher les premières étapes" in page(client, company)
    client.post(place, {"etapes": "afficher"})
    assert "Pour commencer" in page(client, company)


def test_the_first_steps_of_another_company_stay(client: Client, company: Company):
    other = CompanyFactory(firm=company.firm)
    client.post(reverse("desk:first_steps", args=[other.pk]), {"etapes": "masquer"})
    assert "Pour commencer" in page(client, company)
    assert "Pour commencer" not in page(client, other)


def test_a_reader_hides_nothing(client: Client, company: Company):
    client.force_login(member_of(company, Role.READER))
    assert "Masquer" not in page(client, company)
    assert client.post(reverse("desk:first_steps", args=[company.pk]), {"etapes": "masquer"}).status_code == 403

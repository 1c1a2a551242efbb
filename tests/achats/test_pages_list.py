"""The list of purchases: what it shows, what it finds, what it asks of the database."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.models import Kind, PaymentMethod
from banking.models import MatchState
from firms.models import Company, Role
from tests.achats.list_pages import invoice, names, page, text
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import NOW, DocumentFactory, PaymentMethodFactory, SupplierFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of

COLUMNS = ["DATE", "FOURNISSEUR", "TOTAL", "TVA", "PAIEMENT", "RAPPRO.", "COMPTE", "NOTE", "STATUT"]


def test_the_columns_are_those_of_dext_in_its_order(reader: Client, company: Company):
    invoice(company)
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page(reader, company), re.DOTALL)
    assert [text(head).strip() for head in heads] == ["Sélection", *COLUMNS]  # the first ticks the page


def test_a_row_says_what_was_received(reader: Client, company: Company):
    method = PaymentMethodFactory.create(company=company, label="Paiement Pro (1234)")
    invoice(
        company,
        gross_amount=Decimal("1743.54"),
        vat_amount=Decimal("0.61"),
        payment_method=method,
        issued_on=date(2019, 8, 19),
        note="Vu avec le client",
    )
    shown = text(page(reader, company))
    for words in (
        "19/08/2019",
        "1\u00a0743,54\u00a0€",
        "0,61",
        "Paiement Pro (1234)",
        "62570000 Réceptions",
        "Vu avec le client",
        "Publier",
        "À rapprocher",
    ):
        assert words in shown


def test_a_vat_that_was_not_extracted_is_no_zero(reader: Client, company: Company):
    invoice(company, "Sans TVA lue", vat_amount=None)
    invoice(company, "TVA nulle", vat_amount=Decimal("0.00"))
    cells = re.findall(r'data-label="TVA">([^<]*)<', page(reader, company, "?tri=fournisseur"))
    assert cells == ["—", "0,00"]


def test_a_credit_note_weighs_less_than_nothing(reader: Client, company: Company):
    invoice(company, kind=Kind.CREDIT_NOTE, gross_amount=Decimal("212.40"), vat_amount=Decimal("35.40"))
    html = page(reader, company)
    assert "\u2212212,40\u00a0€" in html
    assert "\u221235,40" in html
    assert ">Avoir<" in html


def test_pas_pret_says_why_and_how_many_reasons_more(reader: Client, company: Company):
    SupplierFactory.create_batch(2, company=company, name="Martin")
    invoice(company, "Martin", account=None)
    html = page(reader, company)
    assert "Pas prêt · Fournisseur + 1" in html
    assert "Il manque le compte de charge." in html
    assert "popovertarget" in html


def test_a_missing_document_is_told_and_one_that_is_there_is_not(reader: Client, company: Company):
    invoice(company, "Avec", documents=[DocumentFactory.create(company=company)])
    assert "La pièce manque" not in page(reader, company)
    invoice(company, "Sans")
    assert page(reader, company).count("La pièce manque") == 1


def test_each_tab_holds_its_rows_and_counts_them(reader: Client, company: Company):
    invoice(company, "Prête")
    invoice(company, "Sans compte", account=None)
    assert names(page(reader, company, "?onglet=pret")) == ["Prête"]
    assert names(page(reader, company, "?onglet=pas-pret")) == ["Sans compte"]
    html = page(reader, company, "?onglet=inconnu")
    assert len(names(html)) == 2
    counts = re.findall(r'<span class="count">(\d+)</span>', html)
    assert counts == ["1", "1", "2"]  # where somebody must act, and nowhere else


def test_under_filters_the_tabs_are_counted_once_the_page_stands(
    reader: Client, company: Company, django_assert_max_num_queries
):
    invoice(company, "Orange")
    invoice(company, "Orange", account=None)
    invoice(company, "Ailleurs")
    html = page(reader, company, "?q=orange&onglet=pret")
    asked = re.search(r'<nav class="tabs"[^>]* hx-get="([^"]+)"', html)
    assert asked
    assert 'class="count"' not in html
    with django_assert_max_num_queries(5):
        told = reader.get(asked[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r'<span class="count">(\d+)</span>', told) == ["1", "1", "2"]
    assert "hx-get" not in told
    assert 'aria-current="page">À publier' in told


def test_what_the_bank_settled_leaves_the_tab_of_what_is_awaited(reader: Client, company: Company):
    account = BankAccountFactory.create(company=company)
    invoice(company, "Fournitures du Nord")
    invoice(company, "Attendue", gross_amount=Decimal("99.00"), vat_amount=None)
    a_line(account)
    run(account)
    assert names(page(reader, company, "?onglet=a-rapprocher")) == ["Attendue"]
    assert "Rapproché (auto)" in page(reader, company)


def test_cash_awaits_no_bank(reader: Client, company: Company):
    cash = PaymentMethod.objects.get(company=company, label="Espèces")
    invoice(company, payment_method=cash, is_paid=True)
    html = page(reader, company)
    assert "Sans banque" in html
    assert names(page(reader, company, "?onglet=a-rapprocher")) == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("fournisseur", ["École", "Orange", "zèbre"]),
        ("-total", ["Orange", "École", "zèbre"]),
        ("date", ["zèbre", "École", "Orange"]),
        ("compte", ["zèbre", "Orange", "École"]),
    ],
)
def test_rows_are_sorted_as_one_asks(reader: Client, company: Company, sort: str, expected: list[str]):
    invoice(company, "École", gross_amount=Decimal("10"), vat_amount=None, issued_on=date(2019, 8, 2))
    invoice(company, "Orange", account="60630000", gross_amount=Decimal("20"), issued_on=date(2019, 8, 3))
    invoice(company, "zèbre", account=None, kind=Kind.CREDIT_NOTE, issued_on=date(2019, 8, 1))
    html = page(reader, company, f"?tri={sort}")
    assert names(html) == expected
    assert f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"' in html


def test_the_pages_follow_each_other_without_losing_or_repeating_a_row(reader: Client, company: Company):
    for number in range(60):
        invoice(company, f"F{number:02}", issued_on=date(2019, 8, 1 + number % 3))
    first = page(reader, company)
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = reader.get(following[1].replace("&amp;", "&")).content.decode()
    assert len({*names(first), *names(second)}) == 60
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Client, company: Company, django_assert_max_num_queries
):
    account = BankAccountFactory.create(company=company)
    for number in range(3):
        invoice(company, f"A{number}")
    page(reader, company)
    with django_assert_max_num_queries(7) as few:
        page(reader, company)
    for number in range(25):
        invoice(company, f"B{number}", account=None if number % 2 else "62570000")
        a_line(account, label="CHEQUE 0012452")
    run(account)
    with django_assert_max_num_queries(7) as many:
        page(reader, company)
    assert len(few) == len(many)


def test_a_fragment_holds_the_results_and_the_tabs_alone(reader: Client, company: Company):
    invoice(company)
    answer = reader.get(reverse("achats:list", args=[company.pk]), headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "<html" not in html
    assert 'id="resultats"' in html
    assert 'hx-swap-oob="true"' in html
    assert "HX-Request" in answer["Vary"]


def test_the_total_of_the_filter_is_asked_for_by_itself(reader: Client, company: Company):
    invoice(company, gross_amount=Decimal("1000.50"), vat_amount=None)
    invoice(company, kind=Kind.CREDIT_NOTE, gross_amount=Decimal("0.50"), vat_amount=None)
    cancelled = invoice(company, "Annulée")
    cancel_invoice(invoice=cancelled, by=member_of(company), reason="", at=NOW)
    answer = reader.get(reverse("achats:total", args=[company.pk])).content.decode()
    assert text(answer).strip() == "3\u00a0factures · 1\u00a0000,00\u00a0€ TTC (sans 1\u00a0annulée)"
    assert len(names(page(reader, company))) == 3


def test_a_total_of_too_many_is_not_summed(reader: Client, company: Company, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("achats.browsing.listing.SUMMED_AT_MOST", 2)
    for name in ("A", "B", "C"):
        invoice(company, name)
    answer = reader.get(reverse("achats:total", args=[company.pk])).content.decode()
    assert text(answer).strip().startswith("plus de 2\u00a0factures")
    assert "€" not in answer
    assert "1\u00a0facture" in reader.get(reverse("achats:total", args=[company.pk]) + "?q=A").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Aucune facture d’achat"),
        ("?onglet=a-rapprocher", "Aucune facture d’achat"),
        ("?compte=aucun", "Aucune facture avec ces filtres"),
        ("?q=rien", "Aucun résultat"),
    ],
)
def test_an_empty_list_says_why(reader: Client, company: Company, query: str, words: str):
    assert words in page(reader, company, query)


def test_a_tab_without_work_says_what_comes_next(reader: Client, company: Company):
    invoice(company)
    assert "Rien à corriger" in page(reader, company, "?onglet=pas-pret")
    assert "?onglet=pret" in page(reader, company, "?onglet=pas-pret")
    assert "Rien n’est encore comptabilisé" in page(reader, company, "?onglet=comptabilise")


def test_what_a_supplier_calls_himself_is_text(reader: Client, company: Company):
    invoice(company, "<script>alert(1)</script>", note="<img src=x onerror=alert(1)>")
    html = page(reader, company, '?q="><script>')
    assert "<script>alert" not in page(reader, company)
    assert "<img" not in page(reader, company)
    assert '"><script>' not in html


def test_nothing_of_another_company_is_seen(reader: Client, company: Company):
    invoice(CompanyFactory.create(firm=company.firm), "Ailleurs")
    html = page(reader, company)
    assert "Ailleurs" not in html
    assert "Aucune facture d’achat" in html


def test_a_reader_reads(client: Client, company: Company):
    invoice(company)
    client.force_login(member_of(company, Role.READER))
    assert names(page(client, company)) == ["Franprix"]


def test_a_page_bears_no_style_attribute_and_no_inline_script(reader: Client, company: Company):
    invoice(company, account=None)
    html = page(reader, company)
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"\son\w+=", html)


def test_one_suggestion_and_two_are_counted(reader: Client, company: Company):
    account = BankAccountFactory.create(company=company)
    one = invoice(company, "Une", gross_amount=Decimal("31.00"), vat_amount=None)
    two = invoice(company, "Deux", gross_amount=Decimal("32.00"), vat_amount=None)
    for amount, wanted in ((Decimal("-31"), one), (Decimal("-32"), two), (Decimal("-32"), two)):
        line = a_line(account, amount=amount, label="CHEQUE")
        line.matches.create(
            company=company, invoice=wanted, amount_cents=int(-amount * 100), state=MatchState.SUGGESTED
        )
    html = page(reader, company)
    assert "1 suggestion" in html
    assert "2 suggestions" in html

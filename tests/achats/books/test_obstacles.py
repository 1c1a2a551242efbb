"""What the books lack is told on the line of a purchase that is ready, before anybody publishes it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.books.entry_planning import accounts_of_entries, plan_entry
from achats.books.obstacles import book_obstacle_of, with_book_obstacle
from achats.books.posting import CannotPost, post_invoice
from achats.models import PurchaseInvoice, Status
from achats.selection.posting_choices import choice_of, ready_among
from firms.models import Company
from ledger.books import Books
from ledger.models import AccountingMode, Bookkeeping, VatRegime
from tests.achats.list_pages import names, page, text
from tests.achats.posting_rows import a_line, a_receipt, open_company_of_2019
from tests.factories.achats import NOW, PaymentMethodFactory
from tests.factories.firms import member_of


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


def badge(invoice: PurchaseInvoice) -> str:
    obstacle = book_obstacle_of(with_book_obstacle(PurchaseInvoice.objects.all()).get(pk=invoice.pk))
    return obstacle.badge if obstacle else ""


def test_a_day_of_no_year_is_told_and_what_publishing_would_say_is_the_same(company: Company):
    invoice = a_receipt(company, issued_on=date(2017, 1, 1))
    row = with_book_obstacle(PurchaseInvoice.objects.all()).get()
    obstacle = book_obstacle_of(row)
    assert obstacle is not None
    with pytest.raises(CannotPost) as refusal:
        post_invoice(invoice=invoice, by=None, at=NOW)
    assert [(reason.code, reason.message) for reason in refusal.value.reasons] == [(obstacle.code, obstacle.message)]
    assert badge(a_receipt(company)) == ""


def test_a_closed_day_counts_as_the_first_open_one(company: Company):
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2018, 12, 31))
    assert badge(a_receipt(company, issued_on=date(2017, 1, 1))) == ""
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 12, 31))
    assert badge(a_receipt(company)) == "Exercice"


def test_a_journal_or_an_account_that_lacks_is_told_and_refused_in_words(company: Company):
    invoice = a_receipt(company)
    company.accounts.filter(code="40400000").delete()
    assert badge(invoice) == "Compte"
    company.journals.filter(code="AC").delete()
    assert badge(invoice) == "Journal"
    with pytest.raises(CannotPost, match="Le journal AC manque au dossier"):
        post_invoice(invoice=invoice, by=None, at=NOW)


def test_the_list_shows_it_in_the_place_of_publish(client: Client, company: Company):
    client.force_login(member_of(company))
    a_receipt(company, name="Franprix")
    a_receipt(company, name="Orange", issued_on=date(2017, 1, 1))
    shown = page(client, company)
    assert shown.count("Publier en comptabilité : écriture AC") == 1
    assert "Aucun exercice du dossier ne contient le 01/01/2017" in text(shown)


def test_many_at_once_leave_it_and_say_why(company: Company):
    ready = a_receipt(company)
    a_receipt(company, name="Orange", issued_on=date(2017, 1, 1))
    choice = choice_of(PurchaseInvoice.objects.all())
    assert (choice.ready, choice.others, choice.title) == (1, {"Exercice": 1}, "Publier 1 sur 2")
    assert ready_among(PurchaseInvoice.objects.all()) == [ready.pk]


def test_in_tresorerie_many_at_once_leave_what_its_payment_will_post(company: Company):
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    method = PaymentMethodFactory.create(company=company, kind="cash")
    paid = a_receipt(Company.objects.get(pk=company.pk), payment_method=method, is_paid=True)
    a_receipt(company, name="Orange")
    nil = a_receipt(company, a_line(company, "0.00", "0.00"), name="Avance", vat="0.00", issued_on=date(2019, 9, 1))
    assert set(PurchaseInvoice.objects.values_list("status", flat=True)) == {Status.READY}
    choice = choice_of(PurchaseInvoice.objects.all())
    assert (choice.ready, choice.others) == (1, {"En attente de règlement": 1, "Total nul": 1})
    assert ready_among(PurchaseInvoice.objects.all()) == [paid.pk]
    assert [badge for _, _, badge in planned(nil)] == ["Total nul"]


def planned(invoice: PurchaseInvoice) -> list[tuple[str, str, str]]:
    """What its page says against its entry."""
    lines = list(invoice.lines.select_related("account", "vat_code").order_by("position"))
    books = Books.of(invoice.company)
    plan = plan_entry(invoice=invoice, lines=lines, books=books, accounts=accounts_of_entries(invoice.company))
    return [(reason.code, reason.message, reason.badge) for reason in plan.reasons]


def listed(invoice: PurchaseInvoice) -> list[tuple[str, str, str]]:
    found = book_obstacle_of(with_book_obstacle(PurchaseInvoice.objects.all()).get(pk=invoice.pk))
    return [(found.code, found.message, found.badge)] if found else []


@pytest.mark.parametrize(
    ("lines", "vat", "gross", "expected"),
    [
        ([("5.76", "0.61", "TVAMULTI")], "0.61", "5.76", []),
        ([("5.76", None, "TVAMULTI")], "0.61", "5.76", []),
        ([("5.76", None, None)], None, "5.76", []),
        ([("0.00", "0.00", "TVAMULTI")], "0.00", "0.00", ["Total nul"]),
        ([("5.76", None, None)], "0.00", "5.76", []),
        ([("5.76", None, None)], "0.61", "5.76", ["Code TVA"]),
        ([("5.76", "0.61", None)], "0.61", "5.76", ["Code TVA"]),
        ([("5.76", "0.61", None)], None, "5.76", ["Code TVA"]),
        ([("2.90", "0.15", "TVAMULTI"), ("2.86", "0.00", None)], "0.15", "5.76", []),
        ([("2.90", "0.15", "TVAMULTI"), ("2.86", None, None)], "0.15", "5.76", []),
        ([("2.90", "0.15", "TVAMULTI"), ("2.86", None, None)], "0.61", "5.76", ["Code TVA"]),
        ([("5.75", "0.61", "TVAMULTI")], "0.61", "5.76", ["Lignes"]),
        ([("2.90", "0.15", "TVAMULTI"), ("2.86", "0.44", "TVAMULTI")], "0.61", "5.76", []),  # a cent a line
        ([("2.90", "0.15", "TVAMULTI"), ("2.86", "0.40", "TVAMULTI")], "0.61", "5.76", ["TVA"]),
        ([("2.90", "0.70", "TVAMULTI"), ("2.86", None, "TVAMULTI")], "0.61", "5.76", ["TVA"]),
        ([("2.90", "0.70", "TVAMULTI"), ("2.86", "0.00", "TVAMULTI")], None, "5.76", []),
    ],
)
def test_what_the_page_says_of_the_amounts_is_said_on_the_line(company: Company, lines, vat, gross, expected):
    rows = [a_line(company, total, own, code=code) for total, own, code in lines]
    invoice = a_receipt(company, *rows, vat=vat)
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(gross_amount=Decimal(gross), status=Status.READY, reasons=[])
    invoice.refresh_from_db()
    said = planned(invoice)
    assert [badge for _, _, badge in said] == expected
    assert listed(invoice) == said


def test_who_deducts_no_vat_needs_no_code(company: Company):
    invoice = a_receipt(company, a_line(company, "5.76", "0.61", code=None))
    assert badge(invoice) == "Code TVA"
    Bookkeeping.objects.filter(company=company).update(vat_regime=VatRegime.EXEMPT)
    assert badge(invoice) == ""


def test_the_line_says_it_and_the_signal_finds_it(client: Client, company: Company):
    client.force_login(member_of(company))
    a_receipt(company, name="Franprix")
    a_receipt(company, a_line(company, "5.76", "0.61", code=None), name="Orange")
    a_receipt(company, name="EDF", issued_on=date(2017, 1, 1))
    shown = page(client, company, "?onglet=pret")
    assert "Une TVA est reçue sans code" in text(shown)
    assert shown.count("Publier en comptabilité : écriture AC") == 1
    assert names(page(client, company, "?onglet=pret&signal=vat_code_missing")) == ["Orange"]
    assert names(page(client, company, "?signal=no_fiscal_year")) == ["EDF"]
    assert names(page(client, company, "?signal=lines_differ")) == []
    assert names(page(client, company, "?signal=books_incomplete")) == []
    assert "Publier 1 sur 3" in text(
        client.get(reverse("achats:choose_posting", args=[company.pk]) + "?onglet=pret").content.decode()
    )
    company.accounts.filter(code="40400000").delete()
    assert sorted(names(page(client, company, "?signal=books_incomplete"))) == ["Franprix", "Orange"]

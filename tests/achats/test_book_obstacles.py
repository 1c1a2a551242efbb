"""What the books lack is told on the line of a purchase that is ready, before anybody publishes it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from achats.book_obstacles import book_obstacle_of, with_book_obstacle
from achats.models import PurchaseInvoice, Status
from achats.posting import CannotPost, post_invoice
from achats.posting_choices import choice_of
from firms.models import Company
from ledger.models import AccountingMode, Bookkeeping
from tests.achats.list_pages import text
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
    page = client.get(reverse("achats:list", args=[company.pk])).content.decode()
    assert page.count("Publier en comptabilité : écriture AC") == 1
    assert "Aucun exercice du dossier ne contient le 01/01/2017" in text(page)


def test_many_at_once_leave_it_and_say_why(company: Company):
    ready = a_receipt(company)
    a_receipt(company, name="Orange", issued_on=date(2017, 1, 1))
    choice = choice_of(PurchaseInvoice.objects.all())
    assert (choice.ready, choice.others, choice.title) == ([ready.pk], ["Exercice"], "Publier 1 sur 2")


def test_in_tresorerie_many_at_once_leave_what_its_payment_will_post(company: Company):
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    method = PaymentMethodFactory.create(company=company, kind="cash")
    paid = a_receipt(Company.objects.get(pk=company.pk), payment_method=method, is_paid=True)
    a_receipt(company, name="Orange")
    nil = a_receipt(company, a_line(company, "0.00", "0.00"), name="Avance", vat="0.00", issued_on=date(2019, 9, 1))
    assert set(PurchaseInvoice.objects.values_list("status", flat=True)) == {Status.READY}
    choice = choice_of(PurchaseInvoice.objects.all())
    assert (choice.ready, choice.others) == ([paid.pk, nil.pk], ["En attente de règlement"])

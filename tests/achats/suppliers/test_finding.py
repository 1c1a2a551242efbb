import threading

import pytest
from django.db import connection, connections

from achats.models import PurchaseInvoice, Supplier
from achats.recording import record_invoice
from achats.suppliers.finding import find_or_create_supplier
from tests.factories.achats import NOW, SupplierFactory, draft
from tests.factories.firms import CompanyFactory

FRANPRIX, STARBUCKS = "303265045", "552100554"


@pytest.fixture
def company(db):
    return CompanyFactory()


def test_a_name_is_found_whatever_its_case_accents_and_punctuation(company):
    bakery = SupplierFactory(company=company, name="La Folie du Pain")
    assert find_or_create_supplier(company=company, name="LA FOLIE-DU PAIN ") == bakery


def test_a_number_is_found_before_a_name(company):
    SupplierFactory(company=company, name="Martin")
    numbered = SupplierFactory(company=company, name="Autre enseigne", siren=FRANPRIX)
    assert find_or_create_supplier(company=company, name="Martin", siren=FRANPRIX) == numbered


def test_a_siret_or_a_french_vat_number_tells_the_siren(company):
    numbered = SupplierFactory(company=company, name="Enseigne", siren=FRANPRIX)
    assert find_or_create_supplier(company=company, name="A", siren=f"{FRANPRIX} 00012") == numbered
    assert find_or_create_supplier(company=company, name="B", vat_number="FR 40 303265045") == numbered


def test_an_unknown_name_makes_a_supplier_once(company):
    first = find_or_create_supplier(company=company, name=" Orange ")
    assert (first.name, first.folded_name) == ("Orange", "orange")
    assert find_or_create_supplier(company=company, name="ORANGE") == first


def test_two_that_answer_leave_the_choice_to_a_person(company):
    SupplierFactory(company=company, name="Martin")
    SupplierFactory(company=company, name="MARTIN")
    assert find_or_create_supplier(company=company, name="Martin") is None


def test_the_one_in_use_answers_before_the_one_that_is_not(company):
    SupplierFactory(company=company, name="Martin", is_active=False)
    used = SupplierFactory(company=company, name="Martin")
    assert find_or_create_supplier(company=company, name="Martin") == used


def test_two_sirens_under_one_name_are_two_suppliers(company):
    first = find_or_create_supplier(company=company, name="Martin", siren=FRANPRIX)
    second = find_or_create_supplier(company=company, name="Martin", siren=STARBUCKS)
    assert first != second
    assert find_or_create_supplier(company=company, name="Martin") is None


def test_a_number_that_came_later_is_kept(company):
    bare = find_or_create_supplier(company=company, name="Martin")
    assert find_or_create_supplier(company=company, name="Martin", siren=FRANPRIX) == bare
    bare.refresh_from_db()
    assert bare.siren == FRANPRIX


@pytest.mark.parametrize("siren", ["123456789", "000000000", "abc"])
def test_a_number_that_is_none_is_not_looked_at(company, siren):
    assert find_or_create_supplier(company=company, name="Martin", siren=siren).siren == ""


def test_the_companys_own_number_names_no_supplier(company):
    company.siren = FRANPRIX
    found = find_or_create_supplier(company=company, name="Martin", siren=FRANPRIX, vat_number=f"FR40{FRANPRIX}")
    assert (found.siren, found.vat_number) == ("", "")


def test_suppliers_of_another_company_do_not_answer(company):
    stranger = SupplierFactory(name="Orange", siren=FRANPRIX)
    assert find_or_create_supplier(company=company, name="Orange", siren=FRANPRIX) != stranger


def test_names_without_latin_letters_stay_apart(company):
    assert find_or_create_supplier(company=company, name="寿司") != find_or_create_supplier(
        company=company, name="餃子"
    )


@pytest.mark.django_db(transaction=True)
def test_eight_publishes_at_once_make_one_supplier():
    company, start = CompanyFactory(), threading.Barrier(8)

    def publish(number: int) -> None:
        try:
            start.wait()
            sent = draft(
                supplier_name="Nouveau" if number % 2 else "NOUVEAU ", siren=FRANPRIX, external_id=f"d{number}"
            )
            record_invoice(company=company, draft=sent, by=None, at=NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Supplier.objects.filter(company=company).count() == 1
    assert PurchaseInvoice.objects.filter(company=company, supplier__isnull=False).count() == 8
    assert connection.is_usable()

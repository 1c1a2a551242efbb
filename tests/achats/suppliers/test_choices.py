"""Which suppliers a field unfolds while one types, and which one is meant."""

import pytest
from django.test import Client
from django.urls import reverse

from achats.suppliers.choices import answering_suppliers, choice_words, meant_suppliers, name_of
from firms.models import Company
from tests.achats.test_pages_detail import an_invoice, sent, url
from tests.factories.achats import SupplierFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


def names(company: Company, text: str) -> list[str]:
    return [supplier.name for supplier in answering_suppliers(company=company, text=text)]


def test_a_supplier_answers_to_its_words_its_number_and_its_account(company: Company):
    SupplierFactory.create(company=company, name="Électricité de France", siren="552081317", ledger_code="401EDF")
    SupplierFactory.create(company=company, name="France Travail")
    SupplierFactory.create(company=company, name="Ancienne France", is_active=False)
    assert names(company, "france") == ["France Travail", "Électricité de France"]
    assert names(company, "électr") == ["Électricité de France"]
    assert names(company, "5520") == ["Électricité de France"]
    assert names(company, "401e") == ["Électricité de France"]
    assert names(company, "lectricite") == []
    assert names(company, "") == ["Électricité de France", "France Travail"]
    ours = answering_suppliers(company=company, text="france", with_inactive=True)
    assert [row.name for row in ours] == ["France Travail", "Ancienne France", "Électricité de France"]


def test_the_exact_name_is_meant_alone_and_the_siren_parts_two_of_one_name(company: Company):
    plain = SupplierFactory.create(company=company, name="Orange")
    SupplierFactory.create(company=company, name="Orange Business")
    assert meant_suppliers(company=company, text="orange") == [plain]
    twins = [
        SupplierFactory.create(company=company, name="Martin", siren=siren) for siren in ("552081317", "542107651")
    ]
    assert len(meant_suppliers(company=company, text="Martin")) == 2
    assert meant_suppliers(company=company, text=choice_words(twins[1])) == [twins[1]]
    assert name_of(choice_words(twins[1])) == "Martin"


def test_the_supplier_of_a_purchase_is_changed_on_its_page(client: Client, company: Company):
    client.force_login(member_of(company))
    invoice = an_invoice(company, "Franprix")
    right = SupplierFactory.create(company=company, name="Monoprix")
    assert client.post(url(invoice, "correct"), sent(invoice, supplier="monop")).status_code == 302
    invoice.refresh_from_db()
    assert (invoice.supplier, invoice.supplier_name, invoice.sort_name) == (right, "Monoprix", "monoprix")
    assert "Franprix" in client.get(url(invoice)).content.decode()  # the history tells it


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Inconnu SA", "Fournisseur inconnu\u00a0: «\u00a0Inconnu SA\u00a0»"),
        ("Mo", "Plusieurs fournisseurs répondent à «\u00a0Mo\u00a0»\u00a0: Monoprix, Moulins"),
        ("", "Ce champ est obligatoire"),
    ],
)
def test_a_supplier_that_is_not_known_or_not_certain_changes_nothing(
    client: Client, company: Company, typed: str, words: str
):
    client.force_login(member_of(company))
    invoice = an_invoice(company, "Franprix")
    for name in ("Monoprix", "Moulins"):
        SupplierFactory.create(company=company, name=name)
    answer = client.post(url(invoice, "correct"), sent(invoice, supplier=typed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    invoice.refresh_from_db()
    assert invoice.supplier_name == "Franprix"


def test_a_supplier_whom_nobody_knows_is_created_once_one_says_so(client: Client, company: Company):
    client.force_login(member_of(company))
    invoice = an_invoice(company, "Franprix")
    refused = client.post(url(invoice, "correct"), sent(invoice, supplier="Minoterie Duval"))
    assert "Créer ce fournisseur" in refused.content.decode()
    assert not company.suppliers.filter(name="Minoterie Duval").exists()
    for _ in range(2):
        form = sent(invoice, supplier="Minoterie Duval") | {"creer": "1"}
        assert client.post(url(invoice, "correct"), form).status_code == 302
    invoice.refresh_from_db()
    assert invoice.supplier == company.suppliers.get(name="Minoterie Duval")
    assert invoice.supplier_name == "Minoterie Duval"


def test_a_purchase_keeps_its_supplier_though_another_bears_its_name_or_it_is_out_of_use(
    client: Client, company: Company
):
    client.force_login(member_of(company))
    invoice = an_invoice(company, "Franprix")
    SupplierFactory.create(company=company, name="Franprix")
    assert client.post(url(invoice, "correct"), sent(invoice, reference="FA-2")).status_code == 302
    before = invoice.supplier_id
    invoice.refresh_from_db()
    assert (invoice.supplier_id, invoice.reference) == (before, "FA-2")


def test_the_suppliers_of_another_company_are_never_unfolded(client: Client, company: Company):
    elsewhere = CompanyFactory.create()
    SupplierFactory.create(company=elsewhere, name="Ailleurs")
    SupplierFactory.create(company=company, name="<b>Ailes</b>", siren="552081317")
    client.force_login(member_of(company))
    answer = client.get(reverse("achats:supplier_choices", args=[company.pk]), {"q": "ail"}).content.decode()
    assert "Ailleurs" not in answer
    ours = client.get(reverse("achats:supplier_choices", args=[company.pk])).content.decode()
    assert "&lt;b&gt;Ailes" in ours
    assert 'data-value="&lt;b&gt;Ailes&lt;/b&gt; · SIREN 552081317"' in ours
    assert client.get(reverse("achats:supplier_choices", args=[elsewhere.pk])).status_code == 404

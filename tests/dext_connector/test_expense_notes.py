"""« Notes de frais »: an item's owner leads to the person's account; what nobody said of a payment is warned of."""

import pytest

from achats.models import MethodKind, PaymentMethod
from banking.models import PaymentMethodMapping
from tests.dext_connector.conftest import item
from tests.factories.banking import BankAccountFactory

JEANNE = {"email": "jeanne@client.test", "name": "Jeanne Martin"}


@pytest.fixture
def jeannes(company) -> PaymentMethod:
    return a_person(company, "Frais de Jeanne", JEANNE["name"], JEANNE["email"])


def a_person(company, label: str, name: str, email: str = "", code: str | None = "46700000") -> PaymentMethod:
    account = company.accounts.get(code=code) if code else None
    return PaymentMethod.objects.create(
        company=company,
        label=label,
        kind=MethodKind.PERSONAL,
        person_name=name,
        person_email=email,
        person_account=account,
    )


def published(dext, company, **fields):
    answer = dext.publish(item(**fields))
    assert answer.status_code == 201, answer.json()
    return company.purchase_invoices.get(), {warning["code"] for warning in answer.json()["warnings"]}


@pytest.mark.parametrize(
    "payment", [None, {"label": "Espèces perso"}, {"label": "Note de frais"}, {"label": "Personnel"}]
)
@pytest.mark.parametrize(
    "owner", [JEANNE, {"email": "JEANNE@client.test"}, {"name": "jeanne MARTIN"}], ids=["both", "email", "name"]
)
def test_the_owner_of_a_personal_payment_leads_to_the_persons_account(dext, company, jeannes, owner, payment):
    company.payment_methods.filter(kind=MethodKind.PERSONAL).exclude(pk=jeannes.pk).delete()
    PaymentMethod.objects.create(company=company, label="Personnel", kind=MethodKind.PERSONAL)
    invoice, warnings = published(dext, company, owner=owner, payment_method=payment, paid=True)
    assert invoice.payment_method == jeannes
    assert (invoice.is_settled_off_bank, invoice.settlement) == (True, "settled")
    assert not warnings & {"personal_account_missing", "payment_method_unknown", "payment_method_without_bank"}


def test_a_method_that_was_named_stays_whoever_the_owner_is(dext, company, jeannes):
    invoice, _ = published(dext, company, owner=JEANNE)
    assert invoice.payment_method.label == "Paiement Pro (1234)"


def test_a_card_that_no_method_bears_is_not_guessed_to_be_the_owners(dext, company, jeannes):
    invoice, warnings = published(dext, company, owner=JEANNE, payment_method={"label": "Carte Bleue (9999)"})
    assert invoice.payment_method is None
    assert "payment_method_unknown" in warnings


def test_between_two_people_nobody_is_guessed(dext, company, jeannes):
    a_person(company, "Frais de l’autre Jeanne", "JEANNE MARTIN")
    owner = {"name": "Jeanne Martin"}
    invoice, warnings = published(dext, company, owner=owner, payment_method={"label": "Note de frais"})
    assert invoice.payment_method is None
    assert "personal_account_missing" in warnings


def test_a_namesake_with_another_address_is_another_person(dext, company, jeannes):
    owner = {"name": "Jeanne Martin", "email": "jm@client.test"}
    invoice, warnings = published(dext, company, owner=owner, payment_method={"label": "Note de frais"})
    assert invoice.payment_method is None
    assert "personal_account_missing" in warnings


def test_a_personal_method_without_an_account_is_warned_of(dext, company):
    a_person(company, "Frais de Luc", "Luc", code=None)
    invoice, warnings = published(dext, company, payment_method={"label": "Frais de Luc"}, paid=True)
    assert invoice.is_settled_off_bank
    assert "personal_account_missing" in warnings


def test_a_method_without_a_bank_account_is_warned_of_until_it_has_one(dext, company):
    invoice, warnings = published(dext, company)
    assert "payment_method_without_bank" in warnings
    PaymentMethodMapping.objects.create(
        company=company,
        payment_method=invoice.payment_method,
        bank_account=BankAccountFactory(company=company),
    )
    now = dext.get(dext.on_company("items/RB-88213/")).json()["warnings"]
    assert "payment_method_without_bank" not in {warning["code"] for warning in now}

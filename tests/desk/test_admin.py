"""Django's admin of firms, companies, people and books."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from firms.models import Company, Firm, Role
from tests.factories.firms import CompanyFactory, FirmFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "model", [model for app in ("firms", "ledger") for model in apps.get_app_config(app).get_models()]
)
def test_every_model_has_its_list_and_its_form(model, client: Client, staff):
    company = CompanyFactory()
    MembershipFactory(firm=company.firm, role=Role.READER, chosen=[company])
    assert admin.site.is_registered(model)
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    page = client.get(base)
    assert page.status_code == 200
    assert client.get(base, {"q": "a"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert client.get(f"{base}{row.pk}/change/").status_code == 200


def test_a_company_added_in_the_admin_is_ready_to_receive_purchases(client: Client, staff):
    firm = FirmFactory()
    fields = {"firm": firm.pk, "code": "ADM", "name": "Par l’admin", "currency": "EUR", "is_active": "on"}
    assert client.post("/admin/firms/company/add/", fields).status_code == 302
    company = Company.objects.get(code="ADM")
    assert company.accounts.filter(code="62570000").exists()
    assert company.integration_settings.vat_marker.code == "TVA20"
    assert company.events.get().by == staff


def test_a_company_changed_in_the_admin_is_not_opened_again(client: Client, staff):
    company = CompanyFactory(name="Avant")
    fields = {"firm": company.firm_id, "code": company.code, "name": "Après", "currency": "EUR", "is_active": "on"}
    assert client.post(f"/admin/firms/company/{company.pk}/change/", fields).status_code == 302
    assert company.events.count() == 1


def test_a_code_that_is_taken_is_said_in_the_admin(client: Client, staff):
    company = CompanyFactory()
    fields = {"firm": company.firm_id, "code": company.code, "name": "Autre", "currency": "EUR", "is_active": "on"}
    assert client.post("/admin/firms/company/add/", fields).status_code == 200
    assert Company.objects.count() == 1


def test_a_firm_added_in_the_admin_has_its_defaults(client: Client, staff):
    assert client.post("/admin/firms/firm/add/", {"code": "ADM", "name": "Par l’admin"}).status_code == 302
    assert Firm.objects.get(code="ADM").integration_defaults.vat_marker_code == "TVA20"


def test_a_person_added_in_the_admin_signs_in(client: Client, staff):
    fields = {
        "email": "neuf@cabinet.test",
        "usable_password": "true",
        "password1": "phrase-de-passe-9",
        "password2": "phrase-de-passe-9",
    }
    assert client.post("/admin/firms/user/add/", fields).status_code == 302
    assert client.login(username="neuf@cabinet.test", password="phrase-de-passe-9")


@pytest.mark.parametrize("deed", ["add/", "{pk}/delete/", "{pk}/change/"])
def test_what_happened_is_not_changed_in_the_admin(client: Client, staff, deed: str):
    event = CompanyFactory().events.get()
    path = f"/admin/firms/event/{deed.format(pk=event.pk)}"
    assert client.post(path, {"kind": "autre", "post": "yes"}).status_code == 403


def test_the_admin_is_titled_meg(client: Client, staff):
    assert "<title>Administration | MEG</title>" in client.get("/admin/").content.decode()


def test_members_without_staff_rights_do_not_enter_the_admin(client: Client):
    client.force_login(MembershipFactory(role=Role.ADMINISTRATOR).user)
    assert client.get("/admin/").status_code == 302

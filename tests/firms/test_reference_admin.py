"""What the admin does to a list that Dext keeps a copy of is told."""

import pytest
from django.urls import reverse

from firms.models import Event, User
from tests.factories.achats import SupplierFactory
from tests.factories.firms import CompanyFactory


@pytest.fixture
def admin(client, db):
    client.force_login(User.objects.create_superuser("chef@cabinet.test", "x"))
    return client


def told(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("id"))


def test_a_saved_vat_code_is_told_with_who_did_it(admin):
    code = CompanyFactory().vat_codes.get(code="TVA10")
    page = admin.get(reverse("admin:ledger_vatcode_change", args=[code.pk]))
    initial = page.context["adminform"].form.initial
    body = {name: value for name, value in initial.items() if value is not None} | {"label": "Dix pour cent"}
    answer = admin.post(reverse("admin:ledger_vatcode_change", args=[code.pk]), body)
    assert answer.status_code == 302, answer.context["adminform"].errors
    (event,) = told("vat_code.changed")
    assert (event.company, event.subject_id, event.by.email) == (code.company, code.pk, "chef@cabinet.test")


def test_a_deleted_supplier_is_told_alone_or_with_others(admin):
    company = CompanyFactory()
    first, *others = [SupplierFactory(company=company) for _ in range(3)]
    admin.post(reverse("admin:achats_supplier_delete", args=[first.pk]), {"post": "yes"})
    body = {"action": "delete_selected", "_selected_action": [row.pk for row in others], "post": "yes"}
    admin.post(reverse("admin:achats_supplier_changelist"), body)
    assert [event.subject_id for event in told("supplier.deleted")] == [row.pk for row in (first, *others)]

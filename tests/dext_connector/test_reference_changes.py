"""`reference.changed`: one event a change, for connected companies, whoever changed the list."""

import pytest
from django.utils import timezone

from achats.models import Supplier
from dext_connector.connections.integration import settings_of
from dext_connector.connections.opening import close_connection, connection_for
from dext_connector.reference_changes import notice_reference_changes
from firms.models import Event
from tests.factories.firms import CompanyFactory


@pytest.fixture
def connected(dext, company):
    connection = connection_for(company=company, user=dext.user, at=timezone.now())
    look()
    return connection


def look() -> None:
    notice_reference_changes(at=timezone.now())


def told() -> list[list[str]]:
    events = Event.objects.filter(kind="reference.changed").order_by("at")
    return [sorted(event.changes) for event in events]


def test_a_change_is_told_once_with_its_lists(connected, company):
    company.accounts.filter(code="62570000").update(label="Réception")
    Supplier.objects.create(company=company, name="Starbucks")
    look()
    look()
    assert told() == [["accounts", "suppliers"]]
    company.accounts.filter(code="62570000").delete()
    settings = settings_of(company)
    settings.vat_by_line = not settings.vat_by_line
    settings.save()
    look()
    assert told()[1:] == [["accounts", "settings"]]


def test_the_first_look_tells_nothing(connected):
    assert told() == []


def test_a_company_that_is_not_connected_is_not_looked_at(connected, company, dext):
    other = CompanyFactory(firm=company.firm)
    close_connection(connection=connected, by=dext.user, at=timezone.now())
    for each in (company, other):
        Supplier.objects.create(company=each, name="Starbucks")
    look()
    assert told() == []


def test_looking_costs_the_same_for_one_company_as_for_many(connected, company, dext, django_assert_max_num_queries):
    others = [CompanyFactory(firm=company.firm) for _ in range(3)]
    for other in others:
        connection_for(company=other, user=dext.user, at=timezone.now())
    look()
    with django_assert_max_num_queries(8):
        look()
    Supplier.objects.create(company=others[0], name="Starbucks")
    look()
    (event,) = Event.objects.filter(kind="reference.changed")
    assert (event.company_id, event.subject_id) == (others[0].pk, others[0].pk)

"""Every address under /dossiers/ is closed to who has no right; pages that come later are walked too."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from tests.factories.firms import CompanyFactory, MembershipFactory

VALUES = {IntConverter: "1", StringConverter: "mot", SlugConverter: "mot", UUIDConverter: str(uuid4())}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, dict]]:
    """(route, converters) of every address, « dossiers/<uuid:company_id>/achats/ »."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, {**resolver.pattern.converters, **entry.pattern.converters}
        else:
            yield from routes(entry, route)


def company_routes() -> list[str]:
    return sorted({route for route, _ in routes(get_resolver()) if route.startswith("dossiers/<uuid:company_id>")})


def address(route: str, company_id: UUID) -> str:
    """An address of this route in the company, the other parts filled with anything that fits."""
    parts = []
    for part in route.split("/"):
        name = part.strip("<>")
        kind, _, field = name.rpartition(":")
        if not part.startswith("<"):
            parts.append(part)
        elif field == "company_id":
            parts.append(str(company_id))
        else:
            parts.append(next(value for key, value in VALUES.items() if key.__name__.lower().startswith(kind or "str")))
    return "/" + "/".join(parts)


def test_there_are_company_pages_to_walk():
    assert "dossiers/<uuid:company_id>/" in company_routes()


@pytest.mark.django_db
@pytest.mark.parametrize("route", company_routes())
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_of_a_company_does_not_exist_for_who_may_not_know_of_it(route: str, method: str, client: Client):
    company, stranger = CompanyFactory(), MembershipFactory().user
    client.force_login(stranger)
    answer = getattr(client, method)(address(route, company.pk))
    assert answer.status_code in {404, 405}
    assert company.name not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("route", company_routes())
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_of_a_company_leads_to_the_login_page_without_a_session(route: str, method: str, client: Client):
    path = address(route, CompanyFactory().pk)
    answer = getattr(client, method)(path)
    assert answer.status_code in {302, 405}
    if answer.status_code == 302:
        assert answer["Location"] == f"/connexion/?suite={path}"


@pytest.mark.django_db
@pytest.mark.parametrize("route", company_routes())
def test_an_address_of_a_company_is_closed_to_a_member_who_was_switched_off(route: str, client: Client):
    company = CompanyFactory()
    member = MembershipFactory(firm=company.firm, is_active=False).user
    client.force_login(member)
    assert client.get(address(route, company.pk)).status_code in {404, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("route", company_routes())
def test_an_address_of_a_company_is_closed_to_a_colleague_to_whom_it_was_not_given(route: str, client: Client):
    company = CompanyFactory()
    other = CompanyFactory(firm=company.firm)
    client.force_login(MembershipFactory(firm=company.firm, chosen=[other]).user)
    assert client.get(address(route, company.pk)).status_code in {404, 405}

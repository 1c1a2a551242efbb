"""As Dext does it: a real server, a real HTTP client, from the login to where the item stands."""

import json

import pytest
import requests

from tests.dext_connector.conftest import item
from tests.factories.achats import pdf
from tests.factories.firms import PASSWORD, CompanyFactory, member_of


@pytest.mark.django_db(transaction=True)
def test_from_the_login_to_where_the_item_stands(live_server):
    company = CompanyFactory()
    base = f"{live_server.url}/api/dext/v1"
    login = requests.post(
        f"{base}/login/", json={"email": member_of(company).email, "password": PASSWORD}, timeout=10
    ).json()
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    address = f"{base}/companies/{login['companies'][0]['id']}"
    parts = {
        "item": (None, json.dumps(item()), "application/json"),
        "document": ("facture.pdf", pdf(), "application/pdf"),
    }
    created = requests.post(f"{address}/publish/", files=parts, headers=bearer | {"Idempotency-Key": "k1"}, timeout=10)
    assert created.status_code == 201, created.text
    assert created.json()["document"]["filename"] == "facture.pdf"
    assert created.json()["web_url"].startswith(live_server.url)
    stands = requests.get(live_server.url + created.headers["Location"], headers=bearer, timeout=10)
    assert stands.json() == created.json()
    again = requests.post(f"{address}/publish/", files=parts, headers=bearer | {"Idempotency-Key": "k1"}, timeout=10)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == created.json()
    malformed = requests.post(
        f"{address}/publish/",
        data="[" * 100_000,
        headers=bearer | {"Content-Type": "application/json"},
        timeout=10,
    )
    assert (malformed.status_code, malformed.headers["Content-Type"]) == (400, "application/problem+json")

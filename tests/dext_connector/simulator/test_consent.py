"""Dext is connected without the password, by MEG's consent page; what comes back unasked is refused."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from dext_connector.access.clients import add_return_addresses
from dext_connector.models import Webhook
from dext_connector.simulator import account, publishing
from dext_connector.simulator.consent import ConsentRefused, ask_for_consent, connect_by_consent, return_addresses
from dext_connector.simulator.problems import Refused, TokenRefused
from dext_connector.simulator.returns import register
from dext_connector.simulator.state import store
from firms.models import User
from tests.dext_connector.oauth import OAuthClient, csrf
from tests.factories.firms import CompanyFactory


@pytest.fixture
def person(meg) -> OAuthClient:
    """The user at MEG's consent page."""
    add_return_addresses(addresses=return_addresses(meg.url))
    client = OAuthClient(meg.url, User.objects.get(email=meg.email))
    client.sign_in()
    return client


def consented(meg, person: OAuthClient, *, deed: str = "autoriser") -> dict[str, str]:
    """What the browser brings back to Dext."""
    address = ask_for_consent(meg.url, return_to=return_addresses(meg.url)[0])
    page = person.browser.get(address, timeout=10)
    body = {"csrfmiddlewaretoken": csrf(page.text), "geste": deed, "dossiers": [str(meg.company.pk)]}
    answer = person.browser.post(page.url, body, allow_redirects=False, timeout=10)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def test_a_consent_connects_to_the_company_that_was_ticked_and_to_no_other(meg, person):
    other = CompanyFactory(firm=meg.company.firm)
    assert connect_by_consent(consented(meg, person))["code"] == meg.company.code
    state = store().read()
    assert (state["connection"]["email"], state["consent"]) == (meg.email, None)
    assert state["lists"]["accounts"]
    with pytest.raises(account.NoSuchCompany):
        account.switch_company(str(other.pk))


def test_its_token_is_renewed_and_ended_by_a_disconnection(meg, person):
    connect_by_consent(consented(meg, person))
    AccessToken.objects.update(expires=timezone.now() - timedelta(minutes=1))
    publishing.publish("RB-88213")
    assert RefreshToken.objects.filter(revoked=None).count() == 1
    account.leave()
    assert store().read()["connection"] is None
    assert not RefreshToken.objects.filter(revoked=None).exists()
    assert not AccessToken.objects.exists()


def test_who_refuses_the_access_is_told_so_and_nothing_is_stored(meg, person):
    with pytest.raises(ConsentRefused, match="refusé l’accès"):
        connect_by_consent(consented(meg, person, deed="refuser"))
    assert store().read()["connection"] is None


def test_a_return_serves_once_and_only_whoever_asked(meg, person):
    back = consented(meg, person)
    for unasked in ({}, {"state": "autre", "code": "x"}, {"state": "é"}):
        ask_for_consent(meg.url, return_to=return_addresses(meg.url)[0])
        with pytest.raises(ConsentRefused, match="aucune demande"):
            connect_by_consent(unasked)
    with pytest.raises(ConsentRefused, match="aucune demande"):
        connect_by_consent(back)


def test_a_code_without_its_verifier_connects_nobody(meg, person):
    back = consented(meg, person)
    with store().change() as state:
        state["consent"]["verifier"] = "x" * 43
    with pytest.raises(TokenRefused, match="recommencez"):
        connect_by_consent(back)


def test_a_disconnection_also_takes_the_webhook_back(connected):
    register(f"{connected.url}/simulateur/retours/")
    account.leave()
    assert not Webhook.objects.exists()
    assert store().read()["webhook"] is None


def test_a_person_whom_meg_no_longer_lets_in_can_still_disconnect(connected):
    AccessToken.objects.all().delete()
    RefreshToken.objects.all().delete()
    account.leave()
    assert store().read()["connection"] is None


def test_who_consented_to_one_company_reaches_no_default_of_the_firm(meg, person):
    connect_by_consent(consented(meg, person))
    with pytest.raises(Refused):
        account.read_account_settings()

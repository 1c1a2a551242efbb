"""Dext as an OAuth 2 client over real HTTP, and the person who consents in a browser's stead."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests

from dext_connector.access.clients import CLIENT_ID, register_client
from firms.models import Company, User
from tests.factories.firms import PASSWORD

RETURN = "https://dext.example/meg/retour"
TIMEOUT = 10


def register_dext() -> None:
    register_client(client_id=CLIENT_ID, name="Dext", redirect_uris=[RETURN])


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class OAuthClient:
    """`code` walks the consent of `user` for `companies`; `exchange`, `renew`, `revoke` and `get` are Dext's calls."""

    base: str
    user: User
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    browser: requests.Session = field(default_factory=requests.Session)

    def asked(self, **changes: str | None) -> dict[str, str]:
        usual = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": RETURN,
            "scope": "reference:read settings:write purchases:write bank:read",
            "state": "etat-17",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def sign_in(self) -> None:
        page = self.browser.get(f"{self.base}/connexion/", timeout=TIMEOUT)
        fields = {"email": self.user.email, "password": PASSWORD, "csrfmiddlewaretoken": csrf(page.text)}
        answer = self.browser.post(f"{self.base}/connexion/", fields, allow_redirects=False, timeout=TIMEOUT)
        assert answer.status_code == 302, answer.text

    def ask(self, **changes: str | None) -> requests.Response:
        address = f"{self.base}/oauth/authorize/"
        return self.browser.get(address, params=self.asked(**changes), allow_redirects=False, timeout=TIMEOUT)

    def decide(self, deed: str, *companies: Company, **fields: str) -> requests.Response:
        page = self.ask()
        assert page.status_code == 200, page.text
        body = {"csrfmiddlewaretoken": csrf(page.text), "geste": deed, "dossiers": [str(row.pk) for row in companies]}
        return self.browser.post(page.url, body | fields, allow_redirects=False, timeout=TIMEOUT)

    def code(self, *companies: Company) -> str:
        self.sign_in()
        answer = self.decide("autoriser", *companies)
        assert answer.status_code == 302, answer.text
        return returned(answer)["code"]

    def token_call(self, **fields: str) -> requests.Response:
        return requests.post(f"{self.base}/oauth/token/", {"client_id": CLIENT_ID} | fields, timeout=TIMEOUT)

    def exchange(self, code: str, **changes: str) -> requests.Response:
        usual = {"grant_type": "authorization_code", "redirect_uri": RETURN, "code_verifier": self.verifier}
        return self.token_call(**usual | {"code": code} | changes)

    def renew(self, refresh_token: str) -> requests.Response:
        return self.token_call(grant_type="refresh_token", refresh_token=refresh_token)

    def revoke(self, token: str) -> requests.Response:
        fields = {"token": token, "client_id": CLIENT_ID}
        return requests.post(f"{self.base}/oauth/revoke_token/", fields, timeout=TIMEOUT)

    def get(self, token: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{self.base}/api/dext/v1/{path}", headers=headers, timeout=TIMEOUT)


def csrf(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    return found[1]


def returned(answer: requests.Response) -> dict[str, str]:
    """What Dext gets back in the address of its own."""
    address = answer.headers["Location"]
    assert address.startswith(RETURN + "?"), address
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

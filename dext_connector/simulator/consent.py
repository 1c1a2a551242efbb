"""« Se connecter sans donner son mot de passe à Dext »: authorization code with PKCE, through MEG's consent page."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from dext_connector.simulator.account import choose, keep_connection, recorded, reload_lists
from dext_connector.simulator.client import CLIENT_ID, DextClient
from dext_connector.simulator.state import store

UNKNOWN = "Ce retour ne répond à aucune demande de Dext\u00a0: recommencez la connexion."


class ConsentRefused(Exception):
    """The user said no, or the browser came back with what Dext did not ask for. The message is for a person."""


def return_addresses(base_url: str) -> list[str]:
    """Where the simulator of the MEG at `base_url` is to be come back to: there, or from this machine by any port."""
    place = reverse("simulator:consent_return")
    return [base_url + place, f"http://127.0.0.1{place}", base_url.replace("//127.0.0.1", "//localhost") + place]


def ask_for_consent(base_url: str, *, return_to: str) -> str:
    """Remember a new request, and answer the address of MEG's page to which the browser goes.

    `return_to` is where MEG sends the browser back; it must be registered there.
    """
    consent = {
        "base_url": base_url,
        "return_to": return_to,
        "state": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
    }
    with store().change() as state:
        state["consent"] = consent
    asked = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": return_to,
        "state": consent["state"],
        "code_challenge": challenge_of(consent["verifier"]),
        "code_challenge_method": "S256",
    }
    return f"{base_url}/oauth/authorize/?{urlencode(asked)}"


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def connect_by_consent(returned: Mapping[str, str]) -> dict[str, Any]:
    """Change the code that came back for tokens, store the connection, and answer its company.

    Raises ConsentRefused, TokenRefused, ApiUnreachable and NoSuchCompany.
    """
    consent = _asked(returned)
    with recorded() as record:
        client = DextClient(consent["base_url"], record=record)
        client.exchange(returned["code"], verifier=consent["verifier"], redirect_uri=consent["return_to"])
        me, companies = client.me(), client.companies()
        company = choose(companies)
        keep_connection(client, me | {"companies": companies}, email=me["email"], company=company)
    reload_lists()
    return company


def _asked(returned: Mapping[str, str]) -> dict[str, str]:
    """The request that `returned` answers; it serves once. Raises ConsentRefused."""
    with store().change() as state:
        consent, state["consent"] = state["consent"], None
    if not consent or not hmac.compare_digest(consent["state"].encode(), returned.get("state", "").encode()):
        raise ConsentRefused(UNKNOWN)
    if returned.get("error") == "access_denied":
        raise ConsentRefused("Vous avez refusé l’accès\u00a0: Dext n’est pas connecté à MEG.")
    if not returned.get("code"):
        raise ConsentRefused(f"MEG n’a pas donné l’accès ({returned.get('error') or 'sans code'}).")
    return consent

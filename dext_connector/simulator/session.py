"""The connection of one command: the stored one, else that of credentials, else that of the demonstration."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from dext_connector.simulator.account import NotConnected, choose, connect, stored_client
from dext_connector.simulator.address import base_url
from dext_connector.simulator.client import DextClient
from dext_connector.simulator.problems import TokenRefused
from dext_connector.simulator.state import store

DEMONSTRATION = ("comptable@demo.test", "demo-meg-2026")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed; empty where nothing was."""

    email: str = ""
    password: str = ""
    firm: str = ""

    def filled(self) -> tuple[str, str]:
        """E-mail and password, the demonstration's where none were typed. Raises NotConnected."""
        if self.email:
            return self.email, self.password
        if settings.DEMO:
            return DEMONSTRATION
        raise NotConnected(
            "Dext n’est pas connecté\u00a0: manage.py dext connect --email ADRESSE --password MOT_DE_PASSE."
        )


def open_session(url: str, credentials: Credentials, *, company: str = "") -> tuple[DextClient, dict[str, Any]]:
    """A client that has logged in, and the company to work in.

    Raises NoServer, NotConnected, ApiUnreachable, TokenRefused and NoSuchCompany.
    """
    address = base_url(url)
    stored = store().read()["connection"]
    # A token is shown only to whoever gave it.
    if stored and not credentials.email and (not url or stored["base_url"] == address):
        try:
            client = stored_client({**stored, "base_url": address})
            companies = client.companies()
            code = company or ("" if credentials.firm else stored["company"]["code"])
            return client, choose(companies, code=code, firm=credentials.firm)
        except TokenRefused:
            if not settings.DEMO:
                raise
    client = DextClient(address)
    email, password = credentials.filled()
    answer = client.login(email, password, firm=credentials.firm)
    is_demonstration = (email, password) == DEMONSTRATION and not credentials.firm
    code = company or ("DEMO" if is_demonstration else "")
    return client, choose(answer["companies"], code=code, firm=credentials.firm)


def connect_and_store(address: str, credentials: Credentials, *, company: str = "") -> dict[str, Any]:
    """Log in and keep the connection for the commands and the page that follow; answers the company."""
    email, password = credentials.filled()
    return connect(base_url=address, email=email, password=password, firm=credentials.firm, company=company)


def ensure_connection(url: str, credentials: Credentials, *, company: str = "") -> None:
    """Have a stored connection to this address and company: the one that is, else a new one, kept.

    Raises NoServer, NotConnected, ApiUnreachable, TokenRefused and NoSuchCompany.
    """
    address = base_url(url)
    stored = store().read()["connection"]
    fits = stored and stored["base_url"] == address and not credentials.email and not credentials.firm
    if fits and company in ("", stored["company"]["code"]):
        return
    connect_and_store(address, credentials, company=company)

"""What a user of Dext does with his connection to MEG: connect, reload MEG's lists, set, disconnect."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from dext_connector.simulator.calls import Call, Recorder, forget
from dext_connector.simulator.client import DextClient, Tokens
from dext_connector.simulator.problems import Refused, TokenRefused
from dext_connector.simulator.state import record_calls, store


class NotConnected(Exception):
    """There is no stored connection."""


class NoSuchCompany(Exception):
    """The user reaches no company of this code, or several. The message names those he reaches."""


def connect(*, base_url: str, email: str, password: str, firm: str = "", company: str = "") -> dict[str, Any]:
    """Trade credentials for a stored connection, and load MEG's lists.

    Raises TokenRefused, ApiUnreachable and NoSuchCompany.
    `company` is a code, `firm` one too; the only (else the first) company is taken where none is named.
    """
    with recorded() as record:
        client = DextClient(base_url, record=record)
        answer = client.login(email, password, firm=firm)
        chosen = choose(answer["companies"], code=company, firm=firm)
        keep_connection(client, answer, email=email, company=chosen)
    reload_lists()
    return chosen


def keep_connection(client: DextClient, answer: Mapping[str, Any], *, email: str, company: dict[str, Any]) -> None:
    """Store the connection that `client` opened, with the `companies` of `answer`.

    Events are read on from here: what was before is in what Dext loads now.
    """
    _, cursor = client.events()
    with store().change() as state:
        state["cursor"] = cursor
        state["connection"] = {
            "base_url": client.base_url,
            "email": email,
            "tokens": {"access": client.tokens.access, "refresh": client.tokens.refresh},
            "companies": answer["companies"],
            "company": company,
            "expires_at": answer.get("connection_expires_at"),
        }


def choose(companies: list[dict[str, Any]], *, code: str = "", firm: str = "") -> dict[str, Any]:
    """The company of `code` (in the firm of code `firm`, where several bear it); the first where none is named."""
    found = [company for company in companies if code in ("", company["code"]) and firm in ("", firm_code(company))]
    named = ", ".join(sorted(company["code"] for company in companies)) or "aucun"
    if not found:
        raise NoSuchCompany(f"Aucun dossier «\u00a0{code}\u00a0» pour cet utilisateur (dossiers\u00a0: {named}).")
    if code and len(found) > 1:
        firms = ", ".join(sorted(firm_code(company) for company in found))
        raise NoSuchCompany(f"Plusieurs cabinets ont un dossier «\u00a0{code}\u00a0» ({firms})\u00a0: précisez --firm.")
    return found[0]


def firm_code(company: Mapping[str, Any]) -> str:
    return str(company["firm"])


def switch_company(company_id: str) -> None:
    """Publish to another company of the connection from now on. Raises NotConnected, NoSuchCompany."""
    with store().change() as state:
        connection = _connection(state)
        found = [company for company in connection["companies"] if company["id"] == company_id]
        if not found:
            raise NoSuchCompany("Ce dossier n’est pas dans la connexion.")
        connection["company"] = found[0]
    reload_lists()


def reload_lists() -> None:
    """« Actualiser les données de l’intégration »: accounts, VAT codes, payment methods and settings of MEG."""
    with connected() as (client, company):
        lists = {
            "accounts": client.accounts(company["id"]),
            "vat_codes": client.vat_codes(company["id"]),
            "payment_methods": client.payment_methods(company["id"]),
        }
        settings = client.settings(company["id"])
    with store().change() as state:
        state["lists"], state["settings"], state["are_lists_stale"] = lists, settings, False


def read_settings() -> dict[str, Any]:
    """The five settings as MEG has them now: an administrator may have changed them there."""
    with connected() as (client, company):
        settings = client.settings(company["id"])
    with store().change() as state:
        state["settings"] = settings
    return settings


def read_account_settings() -> dict[str, Any]:
    """« Paramètres du Compte Automatisés »: the firm's defaults."""
    with connected() as (client, company):
        return client.account_settings(firm_code(company))


def save_account_settings(settings: Mapping[str, Any]) -> None:
    """Write the firm's defaults into MEG. Raises Refused where the user may not."""
    with connected() as (client, company):
        client.save_account_settings(firm_code(company), settings)


def save_settings(settings: Mapping[str, Any]) -> None:
    """Write the five settings into MEG and keep what it answers. Raises Refused, with MEG's sentences."""
    with connected() as (client, company):
        saved = client.save_settings(company["id"], settings)
    with store().change() as state:
        state["settings"] = saved


def leave() -> None:
    """« Se déconnecter »: MEG is asked to tell no more and to end the tokens, then the connection is forgotten.

    It is forgotten whatever MEG answers. Raises ApiUnreachable.
    """
    try:
        with connected() as (client, _), suppress(Refused):
            if webhook := store().read()["webhook"]:
                client.delete_webhook(webhook["id"])
        with connected() as (client, _):
            client.revoke()
    except (NotConnected, TokenRefused):
        pass
    finally:
        disconnect()


def disconnect() -> None:
    """Forget the connection and MEG's lists; the inbox stays."""
    with store().change() as state:
        state.update(connection=None, settings=None, is_automatic=False, webhook=None, cursor="")
        state["lists"] = {name: [] for name in state["lists"]}


@contextmanager
def connected() -> Iterator[tuple[DextClient, dict[str, Any]]]:
    """A client on the stored connection and its company; the connection is forgotten where MEG refuses its token."""
    connection = _connection(store().read())
    with recorded() as record:
        try:
            yield stored_client(connection, record), connection["company"]
        except TokenRefused:
            disconnect()
            raise


def stored_client(connection: Mapping[str, Any], record: Recorder = forget) -> DextClient:
    """A client that bears the stored tokens, and stores those that renew them."""
    tokens = Tokens(**connection["tokens"])
    return DextClient(connection["base_url"], tokens=tokens, record=record, keep=_keep_tokens, renewing=_renewing)


@contextmanager
def _renewing() -> Iterator[Tokens | None]:
    """The stored tokens, while nobody else renews them: MEG ends a connection whose refresh token comes twice."""
    with store().turn("renewal"):
        connection = store().read()["connection"]
        yield Tokens(**connection["tokens"]) if connection else None


def _keep_tokens(tokens: Tokens) -> None:
    with store().change() as state:
        if state["connection"]:
            state["connection"]["tokens"] = {"access": tokens.access, "refresh": tokens.refresh}


@contextmanager
def recorded() -> Iterator[Recorder]:
    """A recorder whose calls go to the drawer at the end, whatever comes of them."""
    calls: list[Call] = []
    try:
        yield calls.append
    finally:
        record_calls(calls)


def _connection(state: dict[str, Any]) -> dict[str, Any]:
    if not state["connection"]:
        raise NotConnected("Dext n’est pas connecté à MEG.")
    return state["connection"]

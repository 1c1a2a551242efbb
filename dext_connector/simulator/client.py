"""What Dext calls, by name: login, lists, settings, rules, publishing, webhooks, events (docs/dext.md)."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dext_connector.simulator.calls import Recorder, forget
from dext_connector.simulator.problems import Refused, TokenRefused, refused
from dext_connector.simulator.transport import WAIT, Answer, ApiUnreachable, Transport

BASE = "/api/dext/v1/"
CLIENT_ID = "dext"
EVENTS_A_PAGE = 200
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": "image/heic",
    ".gif": "image/gif",
    ".xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives: the one that calls bear, and the one that renews it (each serves once)."""

    access: str = ""
    refresh: str = ""


def forget_tokens(tokens: Tokens) -> None:
    """For whoever stores no connection."""


@dataclass(slots=True)
class DextClient:
    """One connection to one MEG. `keep` hears of each new pair of tokens, `record` of each call.

    `renewing` is held while tokens are renewed and gives those that are stored: a refresh token serves once.
    """

    base_url: str
    tokens: Tokens = Tokens()
    record: Recorder = forget
    keep: Callable[[Tokens], None] = forget_tokens
    renewing: Callable[[], AbstractContextManager[Tokens | None]] = nullcontext
    transport: Transport = field(init=False)

    def __post_init__(self) -> None:
        self.transport = Transport(self.base_url.rstrip("/"), record=self.record)

    def login(self, email: str, password: str, *, firm: str = "") -> dict[str, Any]:
        """Trade credentials for tokens; `{access_token, refresh_token, firms, companies, …}`. Raises TokenRefused."""
        body = {"email": email, "password": password} | ({"firm": firm} if firm else {})
        answer = self.transport.send("POST", BASE + "login/", body=body)
        if not answer.is_success:
            raise TokenRefused(refused(answer).sentence)
        self._take(answer)
        return answer.body

    def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> None:
        """Change the code of a consent for tokens. Raises TokenRefused."""
        form = {"grant_type": "authorization_code", "code": code, "client_id": CLIENT_ID}
        form |= {"code_verifier": verifier, "redirect_uri": redirect_uri}
        answer = self.transport.send("POST", "/oauth/token/", data=form)
        if not answer.is_success:
            raise TokenRefused("MEG n’a pas pris ce retour de consentement\u00a0: recommencez la connexion.")
        self._take(answer)

    def revoke(self) -> None:
        """End the access token and its refresh token."""
        form = {"token": self.tokens.refresh or self.tokens.access, "client_id": CLIENT_ID}
        self.transport.send("POST", "/oauth/revoke_token/", data=form)

    def me(self) -> dict[str, Any]:
        return self._ask("GET", "me/")

    def companies(self) -> list[dict[str, Any]]:
        return list(self._pages("companies/"))

    def accounts(self, company_id: str) -> list[dict[str, Any]]:
        return list(self._pages(f"companies/{company_id}/accounts/"))

    def vat_codes(self, company_id: str) -> list[dict[str, Any]]:
        return list(self._pages(f"companies/{company_id}/vat-codes/"))

    def payment_methods(self, company_id: str) -> list[dict[str, Any]]:
        return list(self._pages(f"companies/{company_id}/payment-methods/"))

    def settings(self, company_id: str) -> dict[str, Any]:
        return self._ask("GET", f"companies/{company_id}/settings/")

    def save_settings(self, company_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Replace the five settings. Raises Refused, naming each that lacks."""
        return self._ask("PUT", f"companies/{company_id}/settings/", body=dict(settings))

    def account_settings(self, firm: str) -> dict[str, Any]:
        """« Paramètres du Compte Automatisés » of the firm of this code."""
        return self._ask("GET", f"account-settings/?firm={firm}")

    def save_account_settings(self, firm: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("PUT", f"account-settings/?firm={firm}", body=dict(settings))

    def activate(
        self, company_id: str, rules: Sequence[Mapping[str, Any]], *, is_dry_run: bool = False
    ) -> dict[str, Any]:
        """« Activer l’intégration »: Dext's rules, answered with what MEG proposes in their place."""
        path = f"companies/{company_id}/activation/{'?dry_run=true' if is_dry_run else ''}"
        return self._ask("POST", path, body={"rules": list(rules)})

    def supplier_rules(self, company_id: str) -> list[dict[str, Any]]:
        """The live rules: MEG's."""
        return list(self._pages(f"companies/{company_id}/supplier-rules/"))

    def item(self, company_id: str, external_id: str) -> dict[str, Any]:
        """Where a published item stands. Raises Refused (404) for one that MEG does not have."""
        return self._ask("GET", f"companies/{company_id}/items/{external_id}/")

    def look(self, company_id: str, external_id: str) -> Answer:
        """The same with its ETag; a refusal is answered, not raised."""
        return self._call("GET", f"companies/{company_id}/items/{external_id}/")

    def cancel(self, company_id: str, external_id: str, *, reason: str) -> dict[str, Any]:
        """Withdraw a published item. Raises Refused where MEG has posted or matched it."""
        path = f"companies/{company_id}/items/{external_id}/cancellation/"
        return self._ask("POST", path, body={"reason": reason})

    def publish(
        self, company_id: str, item: Mapping[str, Any], *, document: Path | None = None, key: str = ""
    ) -> Answer:
        """Send one item, with its document where it has one; a refusal is answered, not raised.

        `key` guards the network's retries. Without one MEG replays the same item and body, and looks again at a
        refusal: what somebody wants who publishes a whole folder once more.
        """
        path = f"companies/{company_id}/publish/"
        headers = {"Idempotency-Key": key} if key else {}
        if document is None:
            return self._call("POST", path, body=dict(item), headers=headers)
        parts = {
            "item": (None, json.dumps(item, ensure_ascii=False), "application/json"),
            "document": (document.name, document.read_bytes(), _media_type(document)),
        }
        return self._call("POST", path, files=parts, headers=headers)

    def publish_batch(self, company_id: str, items: Sequence[Mapping[str, Any]], *, key: str) -> list[dict[str, Any]]:
        """Send 1 to 100 items without documents; one result an item, in order. Raises Refused for the whole batch."""
        body, headers = {"items": list(items)}, {"Idempotency-Key": key}
        return self._ask("POST", f"companies/{company_id}/publish/batch/", body=body, headers=headers)["results"]

    def replace(self, company_id: str, item: Mapping[str, Any], *, etag: str) -> Answer:
        """Publish an item again, changed, unless MEG's own has changed since `etag` (412)."""
        path = f"companies/{company_id}/items/{item['external_id']}/"
        return self._call("PUT", path, body=dict(item), headers={"If-Match": etag} if etag else {})

    def send_document(self, company_id: str, external_id: str, document: Path) -> Answer:
        """The image alone, late or again."""
        files = {"document": (document.name, document.read_bytes(), _media_type(document))}
        return self._call("POST", f"companies/{company_id}/items/{external_id}/document/", files=files)

    def events(self, cursor: str = "") -> tuple[list[dict[str, Any]], str]:
        """What happened since `cursor`, to the last; → and where to go on next time."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._ask("GET", f"events/?limit={EVENTS_A_PAGE}{f'&cursor={cursor}' if cursor else ''}")
            found, cursor = found + page["items"], page["next_cursor"]
            if len(page["items"]) < EVENTS_A_PAGE:
                return found, cursor

    def webhooks(self) -> list[dict[str, Any]]:
        return list(self._pages("webhooks/"))

    def add_webhook(self, url: str) -> dict[str, Any]:
        """Be told at `url` of all that happens; the answer bears its `secret`, once. Raises Refused."""
        return self._ask("POST", "webhooks/", body={"url": url})

    def renew_webhook(self, webhook_id: str) -> dict[str, Any]:
        """The webhook with another `secret`."""
        return self._ask("POST", f"webhooks/{webhook_id}/secret/")

    def test_webhook(self, webhook_id: str) -> dict[str, Any]:
        return self._ask("POST", f"webhooks/{webhook_id}/test/")

    def delete_webhook(self, webhook_id: str) -> None:
        self._ask("DELETE", f"webhooks/{webhook_id}/")

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page."""
        cursor = ""
        while True:
            page = self._ask("GET", f"{path}?limit=200{f'&cursor={cursor}' if cursor else ''}")
            yield from page["items"]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return

    def _ask(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = self._call(method, path, **arguments)
        if not answer.is_success:
            raise Refused(refused(answer))
        return answer.body

    def _call(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **arguments: Any) -> Answer:
        """Raises TokenRefused, and ApiUnreachable where MEG asked for more patience than we have."""
        answer = self._send(method, path, headers, arguments)
        if answer.status == 401 and self._renew():
            answer = self._send(method, path, headers, arguments)
        if answer.status == 401:
            raise TokenRefused(refused(answer).message)
        if answer.status in WAIT:
            raise ApiUnreachable(refused(answer).message)
        return answer

    def _send(self, method: str, path: str, headers: Mapping[str, str] | None, arguments: dict[str, Any]) -> Answer:
        bearer = {"Authorization": f"Bearer {self.tokens.access}"}
        return self.transport.send(method, BASE + path, headers={**bearer, **(headers or {})}, **arguments)

    def _renew(self) -> bool:
        """Trade the refresh token for a new pair, or take that of who just did; False where there is none."""
        with self.renewing() as stored:
            if stored and stored.access != self.tokens.access:
                self.tokens = stored
                return True
            return bool(self.tokens.refresh) and self._trade()

    def _trade(self) -> bool:
        form = {"grant_type": "refresh_token", "refresh_token": self.tokens.refresh, "client_id": CLIENT_ID}
        answer = self.transport.send("POST", "/oauth/token/", data=form)
        if answer.is_success:
            self._take(answer)
        return answer.is_success

    def _take(self, answer: Answer) -> None:
        self.tokens = Tokens(answer.body["access_token"], answer.body["refresh_token"])
        self.keep(self.tokens)


def _media_type(document: Path) -> str:
    return MEDIA_TYPES.get(document.suffix.lower(), "application/octet-stream")

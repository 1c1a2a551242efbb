"""What Dext calls, by name: login, reference lists, settings, publishing (docs/dext.md, §1 to §3)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dext_connector.simulator.calls import Recorder, forget
from dext_connector.simulator.problems import Refused, TokenRefused, refused
from dext_connector.simulator.transport import WAIT, Answer, ApiUnreachable, Transport

BASE = "/api/dext/v1/"
CLIENT_ID = "dext"
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
    """One connection to one MEG. `keep` hears of each new pair of tokens, `record` of each call."""

    base_url: str
    tokens: Tokens = Tokens()
    record: Recorder = forget
    keep: Callable[[Tokens], None] = forget_tokens
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

    def item(self, company_id: str, external_id: str) -> dict[str, Any]:
        """Where a published item stands. Raises Refused (404) for one that MEG does not have."""
        return self._ask("GET", f"companies/{company_id}/items/{external_id}/")

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
        """Trade the refresh token for a new pair; False where there is none or MEG does not take it."""
        if not self.tokens.refresh:
            return False
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

"""Fetch a file from, or post a body to, an address that somebody else names.

What can go wrong is one of two: the address is refused for good (AddressRefused), or the call came to nothing this time
(CallFailed). Both say it in French.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3
from django.conf import settings
from requests_hardened.ip_filter import InvalidIPAddress

from dext_connector.outbound.addresses import AddressRefused, check_address
from dext_connector.outbound.session import Deadline, open_session

MOST_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
PIECE = 64 * 1024
AGENT = "MEG/1"


class CallFailed(Exception):
    """No usable answer came. `str()` is a part of a sentence; `status` is what was answered, None if nothing."""

    def __init__(self, words: str, *, status: int | None = None) -> None:
        super().__init__(words)
        self.status = status


class AnswerTooLarge(Exception):
    """More bytes came than the caller takes."""


@dataclass(frozen=True)
class Fetched:
    """A file, and the last part of the path that it was found at."""

    content: bytes
    filename: str


def fetch(url: str, *, most_bytes: int, seconds: float = 30.0) -> Fetched:
    """The body at `url`, after at most three redirects, each checked as the first.

    Raises AddressRefused, CallFailed, AnswerTooLarge.
    """
    with Deadline(seconds) as deadline, _session(deadline) as session:
        for _ in range(MOST_REDIRECTS + 1):
            response = _send(session, "GET", url, deadline=deadline)
            with response:
                if response.status_code not in REDIRECTS or "Location" not in response.headers:
                    return Fetched(_read(response, most_bytes, deadline), _filename(url))
                url = urljoin(url, response.headers["Location"])
    raise CallFailed(f"plus de {MOST_REDIRECTS} redirections")


def post(url: str, *, body: bytes, headers: Mapping[str, str], seconds: float = 5.0) -> int:
    """Post `body`; → the status, a 2xx. No redirect is followed, no answer read. Raises AddressRefused, CallFailed."""
    with (
        Deadline(seconds) as deadline,
        _session(deadline) as session,
        _send(session, "POST", url, deadline=deadline, body=body, headers=headers) as response,
    ):
        status = response.status_code
    if not 200 <= status < 300:
        raise CallFailed(f"le serveur a répondu {status}", status=status)
    return status


def _session(deadline: Deadline) -> requests.Session:
    return open_session(allow_loopback=settings.OUTBOUND_ALLOW_LOOPBACK, deadline=deadline)


def _send(
    session: requests.Session,
    method: str,
    url: str,
    *,
    deadline: Deadline,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> requests.Response:
    check_address(url)
    usual = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    step = deadline.step
    try:
        response = session.request(
            method, url, data=body, headers=usual | dict(headers or {}), timeout=(step, step), stream=True
        )
    except InvalidIPAddress as error:
        raise AddressRefused("l’adresse n’est pas publique.") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _failure(error, deadline) from error
    if not deadline.left:  # headers that were cut off by shutting the socket look whole
        response.close()
        raise CallFailed("le serveur est trop lent")
    return response


def _read(response: requests.Response, most_bytes: int, deadline: Deadline) -> bytes:
    """The bytes as they are on the wire: nothing is unpacked, so nothing swells."""
    if response.status_code != 200:
        raise CallFailed(f"le serveur a répondu {response.status_code}", status=response.status_code)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise CallFailed("le serveur a compressé le fichier", status=200)
    pieces, size = [], 0
    try:
        while piece := response.raw.read(PIECE, decode_content=False):
            pieces.append(piece)
            size += len(piece)
            if size > most_bytes:
                raise AnswerTooLarge
            if not deadline.left:
                raise CallFailed("le serveur est trop lent")
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _failure(error, deadline) from error
    if not deadline.left:  # a body without a length ends where its socket was shut
        raise CallFailed("le serveur est trop lent")
    return b"".join(pieces)


def _failure(error: Exception, deadline: Deadline) -> CallFailed:
    timeouts = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
    if not deadline.left or isinstance(error, timeouts):
        return CallFailed("le serveur est trop lent")
    if isinstance(error, requests.exceptions.SSLError):
        return CallFailed("le certificat du serveur est refusé")
    return CallFailed("le serveur ne répond pas")


def _filename(url: str) -> str:
    return unquote(urlsplit(url).path).rsplit("/", 1)[-1]

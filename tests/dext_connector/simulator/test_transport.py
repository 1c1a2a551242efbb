"""Dext is patient where MEG asks for it, stubborn where the network fails, and never publishes under two keys."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dext_connector.simulator.calls import Call
from dext_connector.simulator.client import DextClient, Tokens
from dext_connector.simulator.problems import TokenRefused
from dext_connector.simulator.transport import ApiUnreachable

Reply = tuple[int, dict[str, str], Any]
HANG_UP: Reply = (0, {}, None)


class Scripted:
    """A server on the loopback that gives the replies in their order and remembers what it was asked."""

    def __init__(self, replies: list[Reply]) -> None:
        self.replies = replies
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.command, self.path, dict(self.headers)))
                status, headers, body = outer.replies.pop(0)
                if (status, headers) == (0, {}):
                    self.connection.close()
                    return
                data = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names of http.server

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def scripted(*replies: Reply) -> Iterator[Scripted]:
    served = Scripted(list(replies))
    thread = threading.Thread(target=served.server.serve_forever)
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        thread.join()
        served.server.server_close()


def client_of(served: Scripted, record: Callable[[Call], None] = lambda call: None) -> tuple[DextClient, list[float]]:
    client, pauses = DextClient(served.url, Tokens("first", "renew"), record=record), []
    client.transport.pause = pauses.append
    return client, pauses


def test_it_waits_as_long_as_meg_asks_then_sends_the_same_key_again():
    with scripted((429, {"Retry-After": "7"}, {}), (503, {"Retry-After": "2"}, {}), (201, {}, {"id": "1"})) as served:
        client, pauses = client_of(served)
        assert client.publish("c", {"external_id": "RB-1"}, key="k").status == 201
    assert pauses == [7.0, 2.0]
    assert [headers["Idempotency-Key"] for _, _, headers in served.asked] == ["k", "k", "k"]


def test_a_network_that_fails_is_tried_again_under_the_same_key():
    with scripted(HANG_UP, (201, {}, {"id": "1"})) as served:
        client, _ = client_of(served)
        assert client.publish("c", {"external_id": "RB-1"}, key="k").status == 201
    assert [headers["Idempotency-Key"] for _, _, headers in served.asked] == ["k", "k"]


def test_a_key_that_is_still_running_is_waited_for():
    with scripted((409, {"Retry-After": "1"}, {"code": "still_running"}), (201, {}, {"id": "1"})) as served:
        client, pauses = client_of(served)
        assert client.publish("c", {"external_id": "RB-1"}, key="k").status == 201
    assert pauses == [1.0]


def test_no_server_is_said_in_one_sentence():
    with scripted() as served:
        url = served.url
    client = DextClient(url)
    client.transport.pause = lambda seconds: None
    with pytest.raises(ApiUnreachable, match="Aucun serveur MEG ne répond"):
        client.companies()


def test_a_server_that_keeps_failing_is_not_taken_for_a_success():
    with scripted(*[(500, {}, {})] * 4) as served:
        client, _ = client_of(served)
        with pytest.raises(ApiUnreachable, match="rien ne dit"):
            client.publish("c", {"external_id": "RB-1"})


def test_too_many_failed_logins_are_not_waited_for():
    with scripted((429, {"Retry-After": "900"}, {"message": "Trop d’essais. Réessayez dans 15 minutes."})) as served:
        client, pauses = client_of(served)
        with pytest.raises(TokenRefused, match="Trop d’essais"):
            client.login("a@b.test", "x")
    assert pauses == []


def test_a_token_that_ended_is_renewed_once_and_kept():
    kept: list[Tokens] = []
    new = {"access_token": "second", "refresh_token": "again"}
    with scripted((401, {}, {}), (200, {}, new), (200, {}, {"items": [], "next_cursor": None})) as served:
        client, _ = client_of(served)
        client.keep = kept.append
        assert client.companies() == []
    assert kept == [Tokens("second", "again")]
    assert served.asked[-1][2]["Authorization"] == "Bearer second"


def test_a_token_that_cannot_be_renewed_is_refused_with_megs_sentence():
    with scripted((401, {}, {"message": "La connexion à MEG a pris fin."}), (400, {}, {})) as served:
        client, _ = client_of(served)
        with pytest.raises(TokenRefused, match="a pris fin"):
            client.companies()


def test_every_page_of_a_list_is_read():
    pages = [
        (200, {}, {"items": [{"id": "1"}], "next_cursor": "n"}),
        (200, {}, {"items": [{"id": "2"}], "next_cursor": None}),
    ]
    with scripted(*pages) as served:
        client, _ = client_of(served)
        assert [company["id"] for company in client.companies()] == ["1", "2"]
    assert "cursor=n" in served.asked[1][1]


def test_the_drawer_shows_no_password_and_no_token():
    calls: list[Call] = []
    answer = {"access_token": "secret-a", "refresh_token": "secret-r", "companies": []}
    with scripted((200, {}, answer)) as served:
        client, _ = client_of(served, calls.append)
        client.login("a@b.test", "secret-p")
    shown = json.dumps(calls[0].as_json())
    assert "a@b.test" in shown
    assert "secret" not in shown

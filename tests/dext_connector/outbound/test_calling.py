"""Calls out, against real servers on the loopback that answer as badly as they can."""

import gzip
import socket
import time
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from dext_connector.outbound.addresses import AddressRefused
from dext_connector.outbound.calling import AnswerTooLarge, CallFailed, fetch, post
from tests.receiver import receiving

FOREVER = 30.0


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def production(settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = False


@pytest.fixture
def resolve(monkeypatch):
    """Say to which addresses a name resolves, one answer after the other; the last stays."""

    def decide(*answers: str) -> list[str]:
        left, asked = list(answers), []

        def resolver(host, port, *args, **kwargs):
            asked.append(host)
            ip = host if ip_or_none(host) else left.pop(0) if len(left) > 1 else left[0]
            family = socket.AF_INET6 if ":" in ip else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (ip, port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        return asked

    return decide


def ip_or_none(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def drip(handler):
    """A header or a piece of body now and then, for as long as anybody reads."""
    ends = time.monotonic() + FOREVER
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while time.monotonic() < ends:
        handler.wfile.write(b"X: y\r\n")
        time.sleep(0.05)


def drip_body(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(int(FOREVER / 0.05)):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def endless(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 65536)


def test_a_file_is_fetched_with_the_last_part_of_its_path_as_name(receiver):
    receiver.says(200, b"%PDF-1.4")
    found = fetch(f"{receiver.url}/a/fact%C3%BBre.pdf?sign=x", most_bytes=100)
    assert (found.content, found.filename) == (b"%PDF-1.4", "factûre.pdf")
    assert receiver.calls[0].headers["Accept-Encoding"] == "identity"


def test_a_post_answers_the_status_and_reads_nothing_more(receiver):
    receiver.says(204)
    assert post(f"{receiver.url}/hook", body=b"{}", headers={"MEG-Event-Id": "1"}) == 204
    assert (receiver.calls[0].body, receiver.calls[0].headers["MEG-Event-Id"]) == (b"{}", "1")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_post_follows_no_redirect(receiver, status):
    receiver.says(status, Location=f"{receiver.url}/elsewhere")
    with pytest.raises(CallFailed) as failure:
        post(receiver.url, body=b"{}", headers={})
    assert (failure.value.status, len(receiver.calls)) == (status, 1)


def test_three_redirects_are_followed_and_a_fourth_is_not(receiver):
    def onward(handler):
        step = int(handler.path.strip("/"))
        (receiver_says_file if step == 3 else receiver_says_next)(handler, step)

    def receiver_says_next(handler, step):
        handler.send_response(302)
        handler.send_header("Location", f"/{step + 1}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def receiver_says_file(handler, step):
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")

    receiver.answer = onward
    assert fetch(f"{receiver.url}/0", most_bytes=10).content == b"ok"
    receiver.says(302, Location="/again")
    receiver.calls.clear()
    with pytest.raises(CallFailed):
        fetch(receiver.url, most_bytes=10)
    assert len(receiver.calls) == 4


@pytest.mark.parametrize(
    "inside",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "file:///etc/passwd",
     "ftp://127.0.0.1/x", "https://user@127.0.0.1/", "http://0xa.1/"],
)  # fmt: skip
def test_a_redirect_that_leads_inside_is_refused(receiver, inside):
    receiver.says(302, Location=inside)
    with pytest.raises(AddressRefused):
        fetch(receiver.url, most_bytes=10)


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.0.0.7", "169.254.169.254", "100.64.0.1", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fe80::1",
     "168.63.129.16", "fec0::1"],
)  # fmt: skip
def test_a_name_that_resolves_inside_is_refused(production, resolve, ip):
    resolve(ip)
    with pytest.raises(AddressRefused):
        fetch("https://files.dext.example/x.pdf", most_bytes=10)
    with pytest.raises(AddressRefused):
        post("https://files.dext.example/x.pdf", body=b"", headers={})


def test_the_connection_goes_to_the_address_that_was_checked(production, resolve, monkeypatch):
    """A name that resolves to a public address when it is checked, and inside a moment later, gains nothing."""
    asked, connected = resolve("93.184.216.34", "127.0.0.1"), []

    def connect(sock, address):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(CallFailed):
        fetch("https://files.dext.example/x.pdf", most_bytes=10)
    assert connected == [("93.184.216.34", 443)]
    assert asked[0] == "files.dext.example"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "https://localhost:1/", "http://dext.com/"]
)
def test_production_reaches_neither_this_machine_nor_http(production, url):
    with pytest.raises(AddressRefused):
        fetch(url, most_bytes=10)


def test_proxies_of_the_environment_are_not_asked(receiver, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    receiver.says(200, b"ok")
    assert fetch(receiver.url, most_bytes=10).content == b"ok"


@pytest.mark.parametrize("answer", [drip, drip_body, lambda handler: time.sleep(2)], ids=["headers", "body", "silence"])
def test_a_server_that_never_ends_is_left_when_the_time_is_up(receiver, answer):
    receiver.answer = answer
    with pytest.raises(CallFailed, match="trop lent"):
        fetch(receiver.url, most_bytes=10_000, seconds=0.5)


def test_a_post_is_left_when_the_time_is_up(receiver):
    receiver.answer = drip
    with pytest.raises(CallFailed, match="trop lent"):
        post(receiver.url, body=b"{}", headers={}, seconds=0.3)


def test_an_endless_body_is_left_when_it_is_too_large(receiver):
    receiver.answer = endless
    with pytest.raises(AnswerTooLarge):
        fetch(receiver.url, most_bytes=1_000_000)


def test_a_file_of_just_the_limit_is_taken(receiver):
    receiver.says(200, b"x" * 1000)
    assert len(fetch(receiver.url, most_bytes=1000).content) == 1000
    with pytest.raises(AnswerTooLarge):
        fetch(receiver.url, most_bytes=999)


def test_nothing_is_unpacked(receiver):
    receiver.says(200, gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")
    with pytest.raises(CallFailed, match="compressé"):
        fetch(receiver.url, most_bytes=1_000_000)


def test_a_body_that_ends_too_soon_is_no_file(receiver):
    def cut(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        handler.close_connection = True

    receiver.answer = cut
    with pytest.raises(CallFailed):
        fetch(receiver.url, most_bytes=1000)


@pytest.mark.parametrize("status", [204, 206, 400, 401, 404, 410, 500, 503])
def test_only_200_is_a_file(receiver, status):
    receiver.says(status)
    with pytest.raises(CallFailed, match=str(status)):
        fetch(receiver.url, most_bytes=10)


def test_nobody_at_home_is_a_failure_to_try_again():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(CallFailed, match="ne répond pas"):
            fetch(f"http://127.0.0.1:{held.getsockname()[1]}/", most_bytes=10)


def test_a_garbled_answer_is_a_failure_to_try_again(receiver):
    receiver.answer = lambda handler: handler.wfile.write(b"\x00\xff not http\r\n\r\n")
    with pytest.raises(CallFailed):
        fetch(receiver.url, most_bytes=10)

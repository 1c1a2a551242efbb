"""A real HTTP server on the loopback, whose answers a test decides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Thread


@dataclass
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer` writes the answer of each call; `calls` are those that came; `released` is set when the test ends."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    calls: list[Received] = field(default_factory=list)
    url: str = ""
    released: Event = field(default_factory=Event)

    def says(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.answer = saying(status, body, **headers)


def saying(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def receiving(
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None, *, tls: SSLContext | None = None
) -> Iterator[Receiver]:
    receiver = Receiver(answer or saying(200))

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            receiver.calls.append(Received(self.command, self.path, dict(self.headers), body))
            try:
                receiver.answer(self)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = handle_one  # noqa: N815 (named by http.server)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            """A caller that hangs up is what these tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()

"""One call's session: the IP that is checked is the IP that is connected to, and it ends when its time is up.

`requests-hardened` pins the address that it checked, which closes DNS rebinding; what it leaves open is closed here:
its list misses addresses (168.63.129.16, ::127.0.0.1, fec0::/10), it lets http and proxies of the environment through,
and its timeouts are each for one reading of the socket, so that a byte now and then lasts for ever.
"""

import socket
import time
from collections.abc import Callable
from threading import Timer
from typing import Any, Self

import requests
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from dext_connector.outbound.addresses import check_ip

STEP_SECONDS = 5.0


class Deadline:
    """`seconds` for a whole call; then the sockets that it opened are shut, whatever they are doing."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.timer = Timer(seconds, self._shut)
        self.timer.daemon = True
        self.connections: list[Any] = []
        self.sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.timer.cancel()

    @property
    def left(self) -> float:
        return max(0.0, self.ends - time.monotonic())

    @property
    def step(self) -> float:
        """What one wait on the socket may take."""
        return max(0.01, min(STEP_SECONDS, self.left))

    def watch(self, make: Callable[..., Any]) -> Callable[..., Any]:
        """`make` with each connection that it makes remembered, its socket too: an answer may outlive the former."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            connection = make(*args, **kwargs)
            self.connections.append(connection)
            connect = connection.connect

            def connect_and_remember() -> None:
                connect()
                self.sockets.append(connection.sock)

            connection.connect = connect_and_remember
            return connection

        return watched

    def _shut(self) -> None:
        for held in [*self.sockets, *(connection.sock for connection in self.connections)]:
            if held is not None:
                try:
                    socket.socket.shutdown(held, socket.SHUT_RDWR)  # below TLS, which another thread is reading
                except OSError:
                    pass


class CheckedAdapter(IPFilterAdapter):
    """Looks at the pinned IP once more, with our list; its connections end with the deadline."""

    def __init__(self, *, scheme: str, allow_loopback: bool, deadline: Deadline) -> None:
        super().__init__(is_https_proto=scheme == "https", allow_loopback=allow_loopback)
        self.scheme, self.allow_loopback, self.deadline = scheme, allow_loopback, deadline

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(*args, **kwargs)
        check_ip(host_params["host"], scheme=self.scheme, allow_loopback=self.allow_loopback)
        return host_params, pool_kwargs

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = self.deadline.watch(pool.ConnectionCls)
        return pool


def open_session(*, allow_loopback: bool, deadline: Deadline) -> requests.Session:
    """Https alone (http too where loopback is allowed), no redirect by itself, no proxy, no .netrc, no cookie kept."""
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=allow_loopback,
            never_redirect=True,
            default_timeout=(STEP_SECONDS, STEP_SECONDS),
        )
    )
    session.trust_env = False
    session.adapters.clear()
    for scheme in ("https", "http") if allow_loopback else ("https",):
        session.mount(f"{scheme}://", CheckedAdapter(scheme=scheme, allow_loopback=allow_loopback, deadline=deadline))
    return session

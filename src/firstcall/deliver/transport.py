"""The one door out: every HTTP request of the product leaves here.

Resolves once, tests every address against our own list, connects to the tested address (the name stays in Host and
SNI), follows no redirect, reads at most `limit` bytes in at most ten seconds in all.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore2
from django.conf import settings

from firstcall.deliver.rules.address import may_reach

SECONDS = 10.0
LIMIT = 64 * 1024


class Unreachable(Exception):
    """Nothing was answered, or nothing may be asked: the sentence says which. `before_sending`: surely not received."""

    def __init__(self, sentence: str, *, before_sending: bool = False, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.before_sending = before_sending
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool


def check_url(url: str) -> None:
    """Raise Unreachable for an address we would never ask: scheme, port, credentials, control characters."""
    if any(ord(char) <= 32 or ord(char) == 127 for char in url) or len(url) > 2000:
        raise Unreachable("The address has blanks or control characters in it.", for_good=True)
    if not url.isascii():
        raise Unreachable("The address has letters beyond ASCII: write the host as xn--….", for_good=True)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("The address can't be read.", for_good=True) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable("The address must begin with http:// or https:// and name a host.", for_good=True)
    if parts.username or parts.password:
        raise Unreachable("The address must not carry a name or password.", for_good=True)
    if port is not None and port not in (80, 443) and port < 1024:
        raise Unreachable(f"Port {port} is not open to webhooks: use 80, 443 or one from 1024 up.", for_good=True)


class Guarded(httpcore2.SyncBackend):
    """Connects only to addresses that passed the list. `connect` is where tests put a recorder."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 (the base class's signature)
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable(f"The name {host} was not found.", before_sending=True) from None
        allowed = [ipaddress.ip_network(net) for net in settings.ENV["FIRSTCALL_EGRESS_ALLOW"]]
        addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
        for address in addresses:
            good, reason = may_reach(address, allowed=allowed)
            if not good:
                raise Unreachable(f"{host} is not reached: {reason}.", before_sending=True, for_good=True)
        return self.connect(str(addresses[0]), port, timeout=timeout, socket_options=socket_options)

    def connect(
        self, address: str, port: int, *, timeout: float | None, socket_options: Iterable[Any] | None
    ) -> httpcore2.NetworkStream:
        """Open the connection to an address that was tested."""
        return super().connect_tcp(address, port, timeout=timeout, socket_options=socket_options)


class Transport:
    """A pool of kept connections behind the guard. Threads may share one."""

    def __init__(self, *, backend: Guarded | None = None, connections: int = 32) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=20.0,
            network_backend=backend or Guarded(),
        )

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        limit: int = LIMIT,
    ) -> Answer:
        """One request, one answer. Raises Unreachable; any status is an answer."""
        check_url(url)
        end = time.monotonic() + SECONDS
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
        try:
            with self._pool.stream(
                method,
                url,
                headers=list((headers or {}).items()),
                content=body,
                extensions={"timeout": timeout},
            ) as response:
                return self._read(response, end=end, limit=limit)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.PoolTimeout) as error:
            raise Unreachable(f"No connection: {error}", before_sending=True) from error
        except (
            httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError, ValueError,
        ) as error:  # fmt: skip
            raise Unreachable(f"No answer: {error or type(error).__name__}") from error

    @staticmethod
    def _read(response: httpcore2.Response, *, end: float, limit: int) -> Answer:
        body = b""
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > limit:
                break
            if time.monotonic() > end:
                raise Unreachable("The answer took longer than ten seconds.")
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, headers, body[:limit], len(body) > limit)

    def close(self) -> None:
        """Close the kept connections."""
        self._pool.close()

"""Connections to the very address that was checked, with one time limit for a whole request."""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import httpcore

from connectors.web.addresses import Resolve, checked_addresses, system_addresses

if TYPE_CHECKING:
    from httpcore import NetworkStream


class Deadline:
    """When the request that is under way must be done."""

    def __init__(self) -> None:
        self._at = 0.0

    def start(self, seconds: float) -> None:
        """A new request has so long."""
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left. Raises `httpcore.ReadTimeout` where there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the request is over")
        return left


class PinnedBackend(httpcore.NetworkBackend):
    """Looks a host up once, checks all its addresses, and connects to one of these."""

    def __init__(
        self,
        deadline: Deadline,
        allowed: Collection[str] = (),
        resolve: Resolve = system_addresses,
    ) -> None:
        self._deadline = deadline
        self._allowed = frozenset(allowed)
        self._resolve = resolve
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is the limit
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """A connection; raises FetchFailed where the host's addresses are refused."""
        error: Exception | None = None
        for address in checked_addresses(host.strip("[]"), port, self._allowed, self._resolve):
            try:
                stream = self._backend.connect_tcp(
                    address, port, self._deadline.left(), local_address, socket_options
                )
            except httpcore.ConnectError as exc:
                error = exc
            else:
                return _TimedStream(stream, self._deadline)
        raise error or httpcore.ConnectError("no address")


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing may take longer than the request has left."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@cache
def trusted_certificates() -> ssl.SSLContext:
    """The system's certificate authorities (a company's own among them) and certifi's."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context

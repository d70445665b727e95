"""One address over HTTP: politely, within limits, redirects not followed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from connectors.web.addresses import Resolve, plain_host, system_addresses
from connectors.web.body import read_body
from connectors.web.connection import Deadline, PinnedBackend, trusted_certificates
from connectors.web.failure import FetchFailed
from connectors.web.settings import WebSettings
from connectors.web.urls import origin_of

AGENT = "Monoshiri"
REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_LONGEST_WAIT = 30.0  # seconds that a server may ask to wait before the one second try


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered: 2xx, 3xx."""

    url: str
    status: int
    headers: dict[str, str]
    """By lower-case name; the last one where there are several."""
    body: bytes

    @property
    def location(self) -> str:
        """Where it redirects to, as written; empty where it does not."""
        return self.headers.get("location", "") if self.status in REDIRECTS else ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost."""

    seconds: float
    max_bytes: int


Accepts = Callable[[str, dict[str, str]], bool]
"""Address and headers of an answer → whether its body is wanted."""


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    headers: dict[str, str]
    accepts: Accepts | None


@dataclass(slots=True)
class _Pace:
    """When the next request may begin."""

    seconds_between: float
    next_at: float = field(default=0.0)

    def wait(self) -> None:
        time.sleep(max(0.0, self.next_at - time.monotonic()))
        self.next_at = time.monotonic() + self.seconds_between


class Fetcher:
    """Requests to one site, one after the other. No proxies, cookies or passwords from outside."""

    def __init__(
        self,
        settings: WebSettings,
        limits: Limits,
        auth: tuple[str, str] = ("", ""),
        resolve: Resolve = system_addresses,
    ) -> None:
        """`auth`: an origin such as `https://host`, and the `Authorization` header for it alone."""
        import httpcore

        self._limits = limits
        self._auth = auth
        self._agent = f"{AGENT}/0.1" + (f" (+{settings.contact})" if settings.contact else "")
        self._pace = _Pace(1 / settings.requests_per_second)
        self._deadline = Deadline()
        allowed = {plain_host(host).strip("[]") for host in settings.allow_private_hosts}
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted_certificates(),
            max_connections=2,
            keepalive_expiry=30,
            network_backend=PinnedBackend(self._deadline, allowed, resolve),
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.close()

    def slow_down(self, seconds: float) -> None:
        """Leave at least so long between two requests."""
        self._pace.seconds_between = max(self._pace.seconds_between, seconds)

    def get(
        self, url: str, headers: dict[str, str] | None = None, accepts: Accepts | None = None
    ) -> Response:
        """The answer, if it is 2xx, 304 or a redirect; without its body where `accepts` says so.

        Raises FetchFailed for anything else.
        """
        request = _Request(url, headers or {}, accepts)
        response = self._try(request)
        if response.status in _BUSY:
            wait = _seconds(response.headers.get("retry-after", ""))
            if wait is not None and wait <= _LONGEST_WAIT:
                time.sleep(wait)
                response = self._try(request)
        if response.status >= 400:
            raise _failure(response.status)
        return response

    def _try(self, request: _Request) -> Response:
        import httpcore

        self._pace.wait()
        self._deadline.start(self._limits.seconds)
        try:
            try:
                return self._send(request)
            except httpcore.RemoteProtocolError:  # a kept connection that the server had closed
                return self._send(request)
        except httpcore.TimeoutException as exc:
            message = f"It took over {self._limits.seconds:g} seconds."
            raise FetchFailed("timeout", message, is_temporary=True) from exc
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as exc:
            message = f"The server can't be reached, or broke off ({type(exc).__name__})."
            raise FetchFailed("unreachable", message, is_temporary=True) from exc

    def _send(self, request: _Request) -> Response:
        url = request.url
        sent = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate", **request.headers}
        if self._auth[1] and _is_origin(url, self._auth[0]):
            sent["Authorization"] = self._auth[1]
        pairs = [(name.encode("ascii"), value.encode("latin-1")) for name, value in sent.items()]
        with self._pool.stream("GET", url, headers=pairs) as answer:
            received = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in answer.headers
            }
            body = b""
            is_wanted = request.accepts is None or request.accepts(url, received)
            if 200 <= answer.status < 300 and is_wanted:
                encoding = received.get("content-encoding", "")
                body = read_body(answer.iter_stream(), encoding, self._limits.max_bytes)
        return Response(url, answer.status, received, body)


def _is_origin(url: str, origin: str) -> bool:
    return origin_of(url) == origin_of(origin)


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,6}", text) else None


def _failure(status: int) -> FetchFailed:
    if status in (404, 410):
        return FetchFailed("not-found", f"The server says that it is not there ({status}).")
    if status in (401, 403):
        message = f"The server refuses it ({status}). Set `auth_header_env`, or leave it out."
        return FetchFailed("forbidden", message)
    is_temporary = status >= 500 or status in (408, 425, 429)
    return FetchFailed(f"http-{status}", f"The server answered with status {status}.", is_temporary)

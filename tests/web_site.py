"""A real web server on this machine whose pages a test sets and changes."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from connectors.item import Item
from connectors.records import Document, Rejection
from connectors.settings import SourceSettings
from connectors.web.addresses import Resolve, system_addresses
from connectors.web.settings import WebSettings
from connectors.web.source import WebSource


@dataclass(frozen=True)
class Reply:
    """What the server answers; `raw` writes the response itself."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


def html(body: str, head: str = "", **headers: str) -> Reply:
    """A page in UTF-8."""
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return page_bytes(text.encode(), "text/html; charset=utf-8", **headers)


def page_bytes(body: bytes, content_type: str, **headers: str) -> Reply:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body, headers={"Content-Type": content_type, **given})


def leads_to(location: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": location})


class Site:
    """Pages by path; everything else is 404. `asked` are (path, headers) of the requests."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def paths(self) -> list[str]:
        """What was asked for since the last call, without robots.txt and sitemap."""
        asked = [p for p, _ in self.asked if p not in ("/robots.txt", "/sitemap.xml")]
        self.asked.clear()
        return asked

    def close(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers.items())))
                reply = site.pages.get(self.path, Reply(b"not here", 404))
                if reply.raw is not None:
                    reply.raw(self)
                    return
                self._send(site.unchanged(self, reply))

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    @staticmethod
    def unchanged(request: BaseHTTPRequestHandler, reply: Reply) -> Reply:
        etag = reply.headers.get("ETag")
        return Reply(status=304) if etag and request.headers["If-None-Match"] == etag else reply


def web_settings(cache: Path, **values: object) -> SourceSettings:
    given = {
        "requests_per_second": 1000.0,
        "seconds_per_request": 10,
        "allow_private_hosts": ("127.0.0.1",),
        **values,
    }
    limit = given.pop("max_bytes", 5_000_000)
    return SourceSettings(
        cache=cache,
        max_bytes=limit,  # type: ignore[arg-type]
        web=WebSettings(**given),  # type: ignore[arg-type]
    )


def crawl(
    start: str, cache: Path, resolve: Resolve = system_addresses, **values: object
) -> list[Item | Rejection]:
    return list(WebSource(start, web_settings(cache, **values), resolve).items())


def documents(items: list[Item | Rejection]) -> dict[str, Document]:
    """What is read from the items, by path of the address."""
    found = {}
    for item in items:
        if not isinstance(item, Rejection):
            for outcome in item.read():
                assert isinstance(outcome, Document), outcome
                found[path_of(outcome.source)] = outcome
    return found


def reasons(items: list[Item | Rejection]) -> dict[str, str]:
    """Path → why it was not imported."""
    return {path_of(item.source): item.reason for item in items if isinstance(item, Rejection)}


def path_of(url: str) -> str:
    rest = url.partition("://")[2]
    return rest[rest.find("/") :] if "/" in rest else url

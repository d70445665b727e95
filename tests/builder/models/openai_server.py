"""A real server on this machine that speaks OpenAI's protocol; a test says what it answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What the server was sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Response:
    """What it sends back."""

    body: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Request], Response]


def completion(
    text: str | None, usage: dict[str, int] | None = None, status: int = 200
) -> Response:
    """What a model said."""
    message = {"role": "assistant", "content": text}
    return Response(json.dumps({"choices": [{"message": message}], "usage": usage}), status)


@contextmanager
def serving(answer: Answering) -> Iterator[str]:
    """The address of a server that answers so, several at once."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            response = answer(Request(self.path, dict(self.headers), body))
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/v1"
        finally:
            http.shutdown()
            thread.join()

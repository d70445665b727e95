"""An endpoint against a real server on this machine."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from builder.config import TeacherSection
from builder.errors import ModelUnavailable
from builder.models import endpoint
from builder.models.endpoint import Endpoint, Reply
from builder.records import Message

KEY = "sk-very-secret"
ASKED = [Message("system", "Write pairs."), Message("user", "返品は？")]


def completion(text: str | None, tokens: int = 30) -> tuple[int, str]:
    value = {
        "choices": [{"message": {"role": "assistant", "content": text}}],
        "usage": {"total_tokens": tokens},
    }
    return 200, json.dumps(value)


class Server:
    """Gives its replies one after the other, and keeps what it was sent."""

    def __init__(self) -> None:
        self.replies: list[tuple[int, str]] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.retry_after = ""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                outer.bodies.append(json.loads(self.rfile.read(length)))
                outer.headers.append(dict(self.headers))
                outer.paths.append(self.path)
                status, body = outer.replies.pop(0)
                self.send_response(status)
                if outer.retry_after:
                    self.send_header("Retry-After", outer.retry_after)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(endpoint, "PAUSE_SECONDS", 0.0)
    started = Server()
    thread = threading.Thread(target=started.http.serve_forever, args=(0.01,))
    thread.start()
    yield started
    started.http.shutdown()
    thread.join()
    started.http.server_close()


def teacher(server: Server, **changes: Any) -> Endpoint:
    return Endpoint(TeacherSection(url=server.url, model="big", **changes), KEY)


def test_the_conversation_is_sent_and_the_answer_comes_back(server: Server) -> None:
    server.replies = [completion("14日以内です。")]
    asked = teacher(server)
    assert asked.reply(ASKED).text == "14日以内です。"
    assert server.paths == ["/v1/chat/completions"]
    (body,) = server.bodies
    assert body["model"] == "big"
    assert body["messages"] == [{"role": m.role, "content": m.content} for m in ASKED]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_no_key_is_sent(server: Server) -> None:
    server.replies = [completion("ok")]
    Endpoint(TeacherSection(url=server.url + "/", model="big"), "").reply(ASKED)
    assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again(server: Server, status: int) -> None:
    server.replies = [(status, "busy"), completion("done")]
    assert teacher(server).reply(ASKED).text == "done"
    assert len(server.bodies) == 2


def test_a_server_that_stays_in_trouble_is_given_up(server: Server) -> None:
    server.replies = [(500, "broken")] * endpoint.TRIES
    with pytest.raises(ModelUnavailable, match="HTTP 500"):
        teacher(server).reply(ASKED)
    assert len(server.bodies) == endpoint.TRIES


def test_a_refused_key_is_said_once_and_the_key_is_not_shown(server: Server) -> None:
    server.replies = [(401, f"invalid key {KEY}")]
    with pytest.raises(ModelUnavailable) as failure:
        teacher(server).reply(ASKED)
    assert "HTTP 401" in str(failure.value)
    assert "MONOSHIRI_TEACHER_KEY" in str(failure.value)
    assert KEY not in str(failure.value) + repr(failure.value.__cause__)
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<html>not JSON</html>",
        "[]",
        '"text"',
        '{"error": "no model"}',
        '{"choices": []}',
        '{"choices": null}',
        '{"choices": [{"message": null}]}',
    ],
)
def test_a_reply_that_is_no_completion_is_said_to_be_none(server: Server, body: str) -> None:
    server.replies = [(200, body)]
    with pytest.raises(ModelUnavailable, match="its reply is not"):
        teacher(server).reply(ASKED)


@pytest.mark.parametrize("usage", ['"usage": null,', "", '"usage": {"total_tokens": null},'])
def test_servers_that_do_not_count_tokens_serve_too(server: Server, usage: str) -> None:
    body = f'{{{usage} "choices": [{{"message": {{"content": "ok"}}}}]}}'
    server.replies = [(200, body)]
    asked = teacher(server)
    assert asked.reply(ASKED) == Reply("ok")


def test_an_empty_completion_is_empty(server: Server) -> None:
    server.replies = [completion(None)]
    assert teacher(server).reply(ASKED).text == ""


@pytest.mark.parametrize(
    ("asked", "waits"), [("2", 2.0), ("9999", 60.0), ("-1", 0.0), ("Sun", 0.0)]
)
def test_a_server_that_asks_for_time_gets_it_within_reason(
    server: Server, monkeypatch: pytest.MonkeyPatch, asked: str, waits: float
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(endpoint.time, "sleep", slept.append)
    server.retry_after = asked
    server.replies = [(429, "slow down"), completion("done")]
    assert teacher(server).reply(ASKED).text == "done"
    assert slept == [waits]


@pytest.mark.usefixtures("server")
def test_nobody_there_is_said_with_the_address() -> None:
    closed = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    url = f"http://127.0.0.1:{closed.server_port}/v1"
    closed.server_close()
    nobody = Endpoint(TeacherSection(url=url, model="big"), KEY)
    with pytest.raises(ModelUnavailable, match="ConnectError") as failure:
        nobody.reply(ASKED)
    assert failure.value.item == url

"""An endpoint against a real server on this machine."""

from __future__ import annotations

import http.server
from collections.abc import Callable
from typing import Any

import pytest
from openai_server import Answering, Request, Response, completion

from builder.config import TeacherSection
from builder.errors import ModelUnavailable
from builder.models import endpoint
from builder.models.endpoint import Endpoint, Reply
from builder.records import Message

KEY = "sk-very-secret"
ASKED = [Message("system", "Write pairs."), Message("user", "返品は？")]


class Server:
    """Gives its replies one after the other, and keeps what it was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.replies: list[Response] = []
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        return self.replies.pop(0)


@pytest.fixture
def server(served: Callable[[Answering], str]) -> Server:
    made = Server()
    made.url = served(made.answer)
    return made


def teacher(server: Server, **changes: Any) -> Endpoint:
    return Endpoint(TeacherSection(url=server.url, model="big", **changes), KEY)


def test_the_conversation_is_sent_and_the_answer_comes_back(server: Server) -> None:
    server.replies = [completion("14日以内です。")]
    assert teacher(server).reply(ASKED).text == "14日以内です。"
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.body["model"] == "big"
    assert asked.body["messages"] == [{"role": m.role, "content": m.content} for m in ASKED]
    assert asked.headers["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_no_key_is_sent(server: Server) -> None:
    server.replies = [completion("ok")]
    Endpoint(TeacherSection(url=server.url + "/", model="big"), "").reply(ASKED)
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again(server: Server, status: int) -> None:
    server.replies = [Response("busy", status), completion("done")]
    assert teacher(server).reply(ASKED).text == "done"
    assert len(server.asked) == 2


def test_a_server_that_stays_in_trouble_is_given_up(server: Server) -> None:
    server.replies = [Response("broken", 500)] * endpoint.TRIES
    with pytest.raises(ModelUnavailable, match="HTTP 500"):
        teacher(server).reply(ASKED)
    assert len(server.asked) == endpoint.TRIES


def test_a_refused_key_is_said_once_and_the_key_is_not_shown(server: Server) -> None:
    server.replies = [Response(f"invalid key {KEY}", 401)]
    with pytest.raises(ModelUnavailable) as failure:
        teacher(server).reply(ASKED)
    assert "HTTP 401" in str(failure.value)
    assert "MONOSHIRI_TEACHER_KEY" in str(failure.value)
    assert KEY not in str(failure.value) + repr(failure.value.__cause__)
    assert len(server.asked) == 1


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
    server.replies = [Response(body)]
    with pytest.raises(ModelUnavailable, match="its reply is not"):
        teacher(server).reply(ASKED)


@pytest.mark.parametrize("usage", ['"usage": null,', "", '"usage": {"total_tokens": null},'])
def test_servers_that_do_not_count_tokens_serve_too(server: Server, usage: str) -> None:
    body = f'{{{usage} "choices": [{{"message": {{"content": "ok"}}}}]}}'
    server.replies = [Response(body)]
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
    busy = Response("slow down", 429, {"Retry-After": asked})
    server.replies = [busy, completion("done")]
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

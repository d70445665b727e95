"""The response headers and the browser's cookie."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from ui.guard import BROWSER_COOKIE, Guard, browser_id, is_browser_id

PAGE = {"accept": "text/html,application/xhtml+xml"}


async def _hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 304, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def respond(headers: dict[str, str], **scope: Any) -> list[tuple[str, str]]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = {"type": "http", "scheme": "http", "headers": raw, **scope}
    asyncio.run(Guard(_hello)(request, receive, send))
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


def cookie(headers: list[tuple[str, str]]) -> SimpleCookie:
    return SimpleCookie(next((value for name, value in headers if name == "set-cookie"), ""))


def test_a_new_browser_gets_an_id_that_scripts_cannot_read() -> None:
    morsel = cookie(respond(PAGE))[BROWSER_COOKIE]
    assert is_browser_id(morsel.value)
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert not morsel["secure"]
    assert morsel.value != cookie(respond(PAGE))[BROWSER_COOKIE].value


def test_over_https_the_cookie_is_secure() -> None:
    assert cookie(respond(PAGE, scheme="https"))[BROWSER_COOKIE]["secure"]


def test_a_known_browser_keeps_its_id() -> None:
    known = cookie(respond(PAGE))[BROWSER_COOKIE].value
    assert not cookie(respond({**PAGE, "cookie": f"a=b; {BROWSER_COOKIE}={known}"}))


def test_an_id_that_the_server_could_not_have_made_is_replaced() -> None:
    for forged in ("1", "admin", "g" * 32, "A" * 32, "0" * 31, ""):
        assert browser_id(f"{BROWSER_COOKIE}={forged}") is None
        assert cookie(respond({**PAGE, "cookie": f"{BROWSER_COOKIE}={forged}"}))


def test_only_pages_get_the_cookie_but_all_get_the_policy() -> None:
    headers = respond({"accept": "*/*"})
    assert not cookie(headers)
    policy = dict(headers)["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == "'self'"
    assert "http" not in policy
    assert "*" not in policy


def test_websockets_pass_untouched() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing() -> Message:
        return {}

    async def send(message: Message) -> None: ...

    asyncio.run(Guard(inner)({"type": "websocket"}, nothing, send))
    assert seen == ["websocket"]

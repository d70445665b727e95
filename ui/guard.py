"""What every response carries: the browser's own random id, and a strict content policy.

The policy is the second wall behind `ui.escape`: should content ever be drawn as an image, a link
preview or a script after all, the browser itself refuses to load it from anywhere but this server.
"""

from __future__ import annotations

import uuid
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER_COOKIE = "monoshiri_browser"
YEAR = 365 * 24 * 3600

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Guard:
    """ASGI middleware that adds `HEADERS`, and the browser's id to pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        # By the request, not by the response: a page that the browser has kept comes back as an
        # empty 304, and its visitor may have deleted the cookie since.
        is_page = "text/html" in asked.get("accept", "")
        unknown = is_page and browser_id(asked.get("cookie", "")) is None

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if unknown:
                    headers.append("Set-Cookie", _new_cookie(scope["scheme"] == "https"))
            await send(message)

        await self.app(scope, receive, send_guarded)


def browser_id(cookie_header: str) -> str | None:
    """The id in a Cookie header, or None when there is none that this server could have made."""
    try:
        morsel = SimpleCookie(cookie_header).get(BROWSER_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel is not None and is_browser_id(morsel.value) else None


def is_browser_id(value: str) -> bool:
    """Whether `value` has the form of an id that this server makes."""
    try:
        return uuid.UUID(hex=value).hex == value
    except ValueError:
        return False


def _new_cookie(secure: bool) -> str:
    # HttpOnly: scripts can't read it. Lax: links from mail and intranet pages still bring it.
    parts = [f"{BROWSER_COOKIE}={uuid.uuid4().hex}", f"Max-Age={YEAR}", "Path=/"]
    parts += ["HttpOnly", "SameSite=Lax"] + (["Secure"] if secure else [])
    return "; ".join(parts)

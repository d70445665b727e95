"""Who is asking.

With sign-in set up (an `[auth]` section in Streamlit's secrets.toml) it is the person whom the
identity provider vouches for. Without, it is the browser, by a random id that the server keeps in
an HttpOnly cookie (see `ui.guard`): unlike an id in the address, it is not passed on with a copied
link. The store gets only a hash of it, so that nobody can take a browser's place by reading bot.db.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

import streamlit as st

from ui.guard import BROWSER_COOKIE, is_browser_id


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user as the store knows them, a name to show, and the groups that they are in."""

    user: str
    name: str = ""
    groups: tuple[str, ...] = ()


def must_sign_in() -> bool:
    """Whether sign-in is set up and this visitor has not signed in."""
    return st.user.get("is_logged_in") is False


def visitor() -> Visitor:
    """Who is asking. Groups come from the identity provider only: a browser id has none, so an
    unknown visitor sees only what everybody may read."""
    claims = dict(st.user.to_dict())
    if claims.get("is_logged_in"):
        groups = claims.get("groups")
        return Visitor(
            user=_hashed("person", f"{claims.get('iss', '')} {claims['sub']}"),
            name=str(claims.get("name") or claims.get("email") or ""),
            groups=tuple(map(str, groups)) if isinstance(groups, list | tuple) else (),
        )
    cookie = st.context.cookies.get(BROWSER_COOKIE, "")
    if is_browser_id(cookie):
        return Visitor(user=_hashed("browser", cookie))
    # Cookies are blocked: the history lasts as long as the tab.
    return Visitor(user=_hashed("tab", st.session_state.setdefault("tab", uuid.uuid4().hex)))


def _hashed(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"

"""What one browser tab remembers between two runs of the page."""

from __future__ import annotations

import streamlit as st

from builder.records import Arm
from ui.texts import LANGUAGES, Language, Texts, language_of

CHAT = "chat"
"""Query parameter with the open conversation's id, so that a reload comes back to it. It gives no
access: the store checks the owner."""


def texts() -> Texts:
    """The sentences in the language that the user chose, or else the browser's."""
    chosen = st.session_state.get("language")
    language: Language = chosen if chosen in LANGUAGES else language_of(st.context.locale)
    return Texts(language)


def open_chat() -> str | None:
    """The id of the open conversation; None on a fresh page."""
    return st.query_params.get(CHAT) or None


def set_open_chat(conversation_id: str | None) -> None:
    """Open a conversation, or with None a fresh page."""
    if conversation_id is None:
        st.query_params.pop(CHAT, None)
    else:
        st.query_params[CHAT] = conversation_id


def chosen_arm(arms: tuple[Arm, ...]) -> Arm | None:
    """The arm that the user chose; None leaves it to the bot."""
    arm = st.session_state.get("arm")
    return arm if arm in arms else None

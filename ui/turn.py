"""One question and its answer, with badge, sources, and thumbs."""

from __future__ import annotations

from typing import Literal, NamedTuple

import streamlit as st

from builder.bot.store import Rating, StoredTurn
from builder.records import Answer
from ui.citations import show_citations
from ui.escape import label, shown
from ui.identity import Visitor
from ui.service import Service
from ui.state import texts
from ui.texts import Texts

USER = ":material/person:"
BOT = ":material/auto_stories:"
WIDTHS = (3, 2)
"""Answer and sources; under 640 px Streamlit puts the second below the first."""

RATINGS: dict[int | None, Rating] = {None: 0, 0: -1, 1: 1}
THUMBS = {rating: thumb for thumb, rating in RATINGS.items()}


class Badge(NamedTuple):
    """How far an answer can be relied on, at a glance."""

    key: str
    color: Literal["green", "blue", "gray", "orange"]
    icon: str


TALK = Badge("talk", "gray", ":material/waving_hand:")
OWN = Badge("own", "orange", ":material/warning:")


def badge_of(answer: Answer) -> Badge:
    """The badge for an answer, by who worded it and whether it was verified."""
    if answer.refused:
        return Badge("refused", "gray", ":material/search_off:")
    if answer.origin in ("talk", "own"):
        return TALK if answer.origin == "talk" else OWN
    if answer.origin == "quote":
        return Badge("quoted", "blue", ":material/format_quote:")
    if not answer.verified:
        return Badge("unverified", "orange", ":material/warning:")
    if answer.origin == "product":
        return Badge("product", "green", ":material/inventory_2:")
    return Badge("verified", "green", ":material/verified:")


def show_question(question: str) -> None:
    """The user's words, as plain text."""
    with st.chat_message("user", avatar=USER):
        st.text(question)


def show_turn(service: Service, who: Visitor, turn: StoredTurn, newest: bool) -> None:
    """Draw a stored turn: question and answer on the left, sources beside the answer."""
    t = texts()
    show_question(turn.question)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.chat_message("assistant", avatar=BOT):
        st.text(shown(turn.answer.answer))
        _show_footer(service, who, turn, t)
    with right:
        show_citations(turn.answer, t, newest)


def _show_footer(service: Service, who: Visitor, turn: StoredTurn, t: Texts) -> None:
    badge = badge_of(turn.answer)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(t(badge.key), color=badge.color, icon=badge.icon, help=t(badge.key + "_help"))
        st.caption(t("seconds", seconds=turn.answer.seconds), width="content")
        st.feedback(
            "thumbs",
            key=f"rating-{turn.id}",
            default=THUMBS[turn.rating],
            on_change=_rate,
            args=(service, who, turn),
        )
    if turn.comment:
        st.caption(t("commented", comment=label(turn.comment)))
    elif turn.rating == -1:
        _ask_comment(service, who, turn, t)


def _rate(service: Service, who: Visitor, turn: StoredTurn) -> None:
    rating = RATINGS[st.session_state[f"rating-{turn.id}"]]
    service.store.rate(turn.id, who.user, rating)


def _ask_comment(service: Service, who: Visitor, turn: StoredTurn, t: Texts) -> None:
    key = f"comment-{turn.id}"

    def save() -> None:
        service.store.rate(turn.id, who.user, -1, st.session_state[key].strip())
        st.toast(t("thanks"))

    with st.form(f"form-{turn.id}", border=False):
        st.text_area(t("comment"), key=key, max_chars=1000, height=80)
        st.form_submit_button(t("send"), on_click=save)

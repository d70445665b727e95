"""The conversation: what was said, the next question, and the answer as it is written."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import closing

import streamlit as st

from builder.bot.store import NoSuchChat, StoredTurn
from builder.records import Answer, Message, Question
from connectors.errors import MonoshiriError
from ui.escape import label, shown
from ui.failure import show_error
from ui.identity import Visitor
from ui.service import Service
from ui.state import chosen_arm, open_chat, set_open_chat, texts
from ui.turn import BOT, WIDTHS, show_question, show_turn

REMEMBERED = 3
"""How many earlier turns of the conversation go with a question."""
MOST_CHARACTERS = 2000
CURSOR = " ▍"


def show_chat(service: Service, who: Visitor) -> None:
    """Draw the open conversation and answer what is asked."""
    t = texts()
    turns = _turns(service, who)
    typed = st.chat_input(t("ask"), key="ask", max_chars=MOST_CHARACTERS, submit_mode="stop")
    asked = (typed or st.session_state.pop("example", "")).strip()
    greeting = st.empty()  # sent in every run, so that it goes as soon as something is asked
    for turn in turns:
        show_turn(service, who, turn, newest=turn is turns[-1] and not asked)
    if asked:
        _answer(service, who, turns, asked)
    elif turns:
        st.caption(t("caution"))
    else:
        with greeting.container():
            _show_welcome(service)


def _turns(service: Service, who: Visitor) -> list[StoredTurn]:
    chat = open_chat()
    if chat is None:
        return []
    try:
        return service.store.turns(chat, who.user)
    except NoSuchChat:
        set_open_chat(None)
        st.info(texts()("gone"))
        return []


def _show_welcome(service: Service) -> None:
    t = texts()
    st.space("medium")
    st.subheader(t("welcome"), anchor=False)
    if not service.examples:
        st.caption(t("welcome_hint"))
        return
    st.caption(t("welcome_examples"))
    for number, example in enumerate(service.examples):
        st.button(
            label(example),
            key=f"example-{number}",
            icon=":material/chat:",
            on_click=st.session_state.__setitem__,
            args=("example", example),
        )


def _answer(service: Service, who: Visitor, turns: list[StoredTurn], asked: str) -> None:
    """Answer, showing sentences as they come; store the turn; draw the page anew with it."""
    question = Question(
        id=str(uuid.uuid4()), text=asked, history=_history(turns), groups=who.groups
    )
    show_question(asked)
    left, _ = st.columns(WIDTHS, gap="medium")
    with left, st.chat_message("assistant", avatar=BOT):
        try:
            answer = _stream(service, question)
            chat = open_chat() or service.store.new_conversation(who.user, asked).id
            service.store.add_turn(chat, who.user, answer)
        except MonoshiriError as error:
            show_error("failed", error)
            return
    set_open_chat(chat)
    st.rerun()


def _stream(service: Service, question: Question) -> Answer:
    """The final answer. The sentences before it are borne out, but not kept: where a later one
    isn't, the final answer is another."""
    t = texts()
    answer: Answer | None = None
    written = ""
    with st.spinner(t("waiting") if service.busy() else t("searching")):
        place = st.empty()
        # Closed at once when the user presses stop: that ends the work in the model.
        with closing(_pieces(service, question)) as pieces:
            for item in pieces:
                if isinstance(item, Answer):
                    answer = item
                else:
                    written += item
                    place.text(shown(written) + CURSOR)
    if answer is None:
        raise MonoshiriError("the model gave no answer.", "", "Ask again.")
    return answer


def _pieces(service: Service, question: Question) -> Generator[str | Answer, None, None]:
    with service.my_turn():
        yield from service.bot.stream(question, chosen_arm(service.bot.arms))


def _history(turns: list[StoredTurn]) -> tuple[Message, ...]:
    return tuple(
        message
        for turn in turns[-REMEMBERED:]
        for message in (Message("user", turn.question), Message("assistant", turn.answer.answer))
    )

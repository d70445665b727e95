"""The sidebar: new conversation, past ones, language, and how to answer."""

from __future__ import annotations

import streamlit as st

from builder.bot.store import Conversation
from ui.escape import label
from ui.identity import Visitor
from ui.service import Service
from ui.state import open_chat, set_open_chat, texts
from ui.texts import LANGUAGES

RECENT = 12


def show_sidebar(service: Service, who: Visitor) -> None:
    """Draw the sidebar; the language comes first, since all the rest is written in it."""
    with st.sidebar:
        _language()
        t = texts()
        st.button(
            t("new_chat"),
            key="new-chat",
            type="primary",
            icon=":material/edit_square:",
            width="stretch",
            on_click=set_open_chat,
            args=(None,),
        )
        _arm(service)
        _history(service, who)
        st.space("small")
        st.caption(t("signed_in", name=label(who.name)) if who.name else t("anonymous"))
        if who.name:
            st.button(t("log_out"), type="tertiary", on_click=st.logout)


def _language() -> None:
    st.segmented_control(
        texts()("language"),
        options=list(LANGUAGES),
        default=texts().language,
        required=True,
        format_func=LANGUAGES.__getitem__,
        key="language",
        label_visibility="collapsed",
        width="stretch",
    )


def _arm(service: Service) -> None:
    t = texts()
    if len(service.bot.arms) > 1:
        st.selectbox(
            t("arm"),
            options=service.bot.arms,
            format_func=lambda arm: f"{t('arm_' + arm)} ({arm})",
            key="arm",
            help=t("arm_help"),
        )


def _history(service: Service, who: Visitor) -> None:
    t = texts()
    chats = service.store.conversations(who.user)
    st.subheader(t("history"), anchor=False)
    if not chats:
        st.caption(t("no_history"))
    for chat in chats[:RECENT]:
        _entry(service, who, chat)
    if len(chats) > RECENT:
        with st.expander(t("older", count=len(chats) - RECENT)):
            for chat in chats[RECENT:]:
                _entry(service, who, chat)


def _entry(service: Service, who: Visitor, chat: Conversation) -> None:
    is_open = chat.id == open_chat()
    st.button(
        label(chat.title),
        key=f"chat-{chat.id}",
        type="secondary" if is_open else "tertiary",
        icon=":material/chat_bubble:" if is_open else ":material/chat_bubble_outline:",
        wrap=False,
        on_click=set_open_chat,
        args=(chat.id,),
    )
    if is_open:
        _manage(service, who, chat)


def _manage(service: Service, who: Visitor, chat: Conversation) -> None:
    t = texts()

    def rename() -> None:
        title = st.session_state.get(f"title-{chat.id}", "").strip()
        if title:
            service.store.rename_conversation(chat.id, who.user, title)

    def delete() -> None:
        service.store.delete_conversation(chat.id, who.user)
        set_open_chat(None)

    with st.popover(t("manage"), icon=":material/more_horiz:", type="tertiary"):
        st.text_input(t("title"), value=chat.title, key=f"title-{chat.id}", max_chars=80)
        st.button(t("rename"), key=f"rename-{chat.id}", on_click=rename)
        st.divider()
        st.caption(t("delete_sure"))
        st.button(t("delete"), key=f"delete-{chat.id}", icon=":material/delete:", on_click=delete)

"""The page's script: Streamlit runs it from top to bottom at every interaction."""

from __future__ import annotations

import sys

import streamlit as st

from connectors.errors import MonoshiriError
from ui.chat import show_chat
from ui.escape import label
from ui.failure import show_error
from ui.identity import must_sign_in, visitor
from ui.service import open_service
from ui.sidebar import show_sidebar
from ui.state import texts


def main(arguments: list[str]) -> None:
    """Draw the page for the bot whose folder is the one argument."""
    st.set_page_config(page_title="Monoshiri", page_icon="📖", layout="wide")
    t = texts()
    if not arguments:
        st.error(t("no_folder"), icon=":material/error:")
        st.stop()
    if must_sign_in():
        st.info(t("log_in_first"))
        st.button(t("log_in"), type="primary", on_click=st.login)
        st.stop()
    try:
        service = open_service(arguments[0])
    except MonoshiriError as error:
        show_error("no_bot", error)
        st.stop()
    who = visitor()
    show_sidebar(service, who)
    st.title(label(service.bot.name), anchor=False)
    st.caption(texts()("subtitle"))
    show_chat(service, who)


main(sys.argv[1:])

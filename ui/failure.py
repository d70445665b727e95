"""What the screen says when something goes wrong: a sentence, never a traceback."""

from __future__ import annotations

import logging

import streamlit as st

from connectors.errors import MonoshiriError
from ui.escape import label
from ui.state import texts


def show_error(heading: str, error: MonoshiriError) -> None:
    """The error's own words: what happened, to which item, and what to do."""
    t = texts()
    st.error(f"**{t(heading)}** {label(str(error))}", icon=":material/error:")


def show_crash(error: Exception) -> bool:
    """Log a fault of the program and show one calm sentence; True: it has been shown."""
    if isinstance(error, MonoshiriError):
        show_error("failed", error)
        return True
    logging.getLogger("monoshiri.ui").error("The page failed.", exc_info=error)
    st.error(texts()("crashed"), icon=":material/error:")
    return True

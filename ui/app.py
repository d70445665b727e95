"""Entry: `python -m streamlit run ui/app.py -- BOT`. The page is `ui/page.py`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui.failure import show_crash
from ui.guard import Guard

app = st.App(
    Path(__file__).with_name("page.py"),
    middleware=[Middleware(Guard)],
    on_script_error=show_crash,
)

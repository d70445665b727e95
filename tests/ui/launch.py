"""Serve the real page with the fake bot: `python launch.py PAUSE <arguments of streamlit>`."""

from __future__ import annotations

import sys

from fake_bot import install
from streamlit.web.cli import main

install(float(sys.argv[1]))
sys.argv = ["streamlit", *sys.argv[2:]]
main()

"""`ui`: serves the chat page with Streamlit, in a process of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module

from builder.workspace import Workspace


def ui(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C. The page is found by name: the builder never imports the screens."""
    workspace = Workspace(options.bot)
    workspace.require()
    workspace.need("index")
    command: list[str] = import_module("ui.settings").command(
        options.bot, options.port, options.address
    )
    print(f"http://{options.address}:{options.port}  (Ctrl-C ends it)", file=sys.stderr)
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0

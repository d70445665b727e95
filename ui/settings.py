"""How the page's server is started: safe settings and the theme, as flags of `streamlit run`."""

from __future__ import annotations

import sys
from pathlib import Path

FONT = "'Source Sans', 'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Noto Sans CJK JP', sans-serif"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

SAFETY = (
    "--browser.gatherUsageStats=false",
    "--server.headless=true",
    "--server.showEmailPrompt=false",
    "--server.enableCORS=true",
    "--server.enableXsrfProtection=true",
    "--server.enableStaticServing=false",
    "--server.fileWatcherType=none",
    "--server.maxUploadSize=1",
    "--client.showErrorDetails=none",
    "--client.toolbarMode=minimal",
    "--runner.magicEnabled=false",
)

THEME = (
    f"--theme.font={FONT}",
    "--theme.baseRadius=0.6rem",
    '--theme.headingFontSizes=["1.75rem", "1.5rem", "1.3rem"]',
    "--theme.headingFontWeights=650",
    "--theme.showSidebarBorder=true",
    "--theme.paddingTop=1rem",
    "--theme.light.primaryColor=#1f5673",
    "--theme.light.backgroundColor=#ffffff",
    "--theme.light.secondaryBackgroundColor=#f2f5f7",
    "--theme.light.textColor=#1d2830",
    "--theme.light.borderColor=#dbe3e8",
    "--theme.light.sidebar.backgroundColor=#f7f9fa",
    "--theme.dark.primaryColor=#3f85aa",
    "--theme.dark.backgroundColor=#12181d",
    "--theme.dark.secondaryBackgroundColor=#1b242b",
    "--theme.dark.textColor=#e4ebef",
    "--theme.dark.borderColor=#2d3941",
)

STREAMLIT_FLAGS = SAFETY + THEME


def command(bot: Path, port: int, address: str) -> list[str]:
    """The command line that serves the page for `bot` at `address`:`port`."""
    hosts = LOOPBACK if address in {"127.0.0.1", "localhost", "::1"} else ()
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(Path(__file__).with_name("app.py")),
        f"--server.address={address}",
        f"--server.port={port}",
        # A page that names this machine by another host (DNS rebinding) gets no connection.
        *(f"--server.allowedHosts={host}" for host in hosts),
        *STREAMLIT_FLAGS,
        "--",
        str(bot.resolve()),
    ]

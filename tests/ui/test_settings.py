"""The command line that starts the page's server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ui.settings import STREAMLIT_FLAGS, command

SAFE = {
    "browser.gatherUsageStats": "false",
    "server.headless": "true",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "client.showErrorDetails": "none",
}


def flags(arguments: list[str]) -> dict[str, str]:
    return dict(a[2:].split("=", 1) for a in arguments if a.startswith("--") and "=" in a)


def test_the_command_runs_the_entry_with_the_bot_after_the_flags(tmp_path: Path) -> None:
    line = command(tmp_path, 8123, "127.0.0.1")
    assert line[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert Path(line[4]).name == "app.py"
    assert Path(line[4]).is_file()
    assert line[-2:] == ["--", str(tmp_path.resolve())]
    assert flags(line)["server.port"] == "8123"
    assert flags(line)["server.address"] == "127.0.0.1"


def test_telemetry_is_off_and_protections_are_on() -> None:
    assert SAFE.items() <= flags(list(STREAMLIT_FLAGS)).items()


def test_every_flag_is_one_that_streamlit_has() -> None:
    from streamlit import config

    assert set(flags(list(STREAMLIT_FLAGS))) <= set(config.get_config_options())


@pytest.mark.parametrize(("address", "guarded"), [("127.0.0.1", True), ("0.0.0.0", False)])  # noqa: S104
def test_on_this_machine_only_its_own_names_are_answered(address: str, guarded: bool) -> None:
    hosts = [a for a in command(Path(), 1, address) if a.startswith("--server.allowedHosts")]
    assert bool(hosts) is guarded

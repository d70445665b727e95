"""A folder that looks like a bot's, and the page with the fake bot in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import fake_bot
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "ui" / "page.py"
EXAMPLES = ["返品は何日以内ですか？", "![x](http://evil.example/q.png)"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "bot"
    (root / "reports").mkdir(parents=True)
    (root / "bot.toml").touch()
    (root / "reports" / "examples.json").write_text(json.dumps(EXAMPLES), encoding="utf-8")
    return root


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[fake_bot.Bot]:
    """The fake in the place of `builder.bot.service` for one test."""
    name = "builder.bot.service"
    # Recorded first, so that what stood there before comes back afterwards.
    monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    yield fake_bot.install()
    st.cache_resource.clear()


@pytest.fixture
def page(folder: Path, bot: fake_bot.Bot, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page, not yet run, for a browser whose user reads Japanese."""
    assert sys.modules["builder.bot.service"].Bot is type(bot)
    monkeypatch.setattr(sys, "argv", ["page.py", str(folder)])
    # AppTest puts the page in the place of __main__, where a later test's worker processes would
    # start it; this brings back what stood there.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    test = AppTest.from_file(PAGE, default_timeout=20)
    test.context["locale"] = "ja-JP"
    return test

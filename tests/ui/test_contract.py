"""The fake bot answers like the real one, and only `builder` knows how answers are made."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import fake_bot
import pytest

import ui.texts

SCREENS = Path(ui.texts.__file__).parent


def test_the_fake_has_the_real_bots_methods() -> None:
    service = pytest.importorskip("builder.bot.service", reason="the bot is not written yet")
    for method in ("ask", "stream"):
        real = inspect.signature(getattr(service.Bot, method))
        fake = inspect.signature(getattr(fake_bot.Bot, method))
        assert list(real.parameters) == list(fake.parameters)
    assert len(inspect.signature(service.open_bot).parameters) >= 1


def test_screens_import_no_models_and_allow_no_html_from_content() -> None:
    forbidden = {"torch", "transformers", "chromadb", "langchain_chroma", "sqlite3"}
    for path in SCREENS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {a.name for a in node.names} | {getattr(node, "module", None) or ""}
                assert not {name.split(".")[0] for name in names} & forbidden, path
            if isinstance(node, ast.keyword):
                assert node.arg not in {"unsafe_allow_html", "unsafe_allow_javascript"}, path

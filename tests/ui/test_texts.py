"""The sentences: all there in both languages, all used, with the same placeholders."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import ui.texts
from builder.records import ARMS
from ui.texts import LANGUAGES, TEXTS, Texts, language_of

SCREENS = Path(ui.texts.__file__).parent
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_each_sentence_is_there_in_both_languages(key: str) -> None:
    wording = TEXTS[key]
    assert set(wording._fields) == set(LANGUAGES)
    assert JAPANESE.search(wording.ja)
    assert wording.en
    assert key == "language" or not JAPANESE.search(wording.en)
    assert placeholders(wording.ja) == placeholders(wording.en)


def screens() -> list[ast.AST]:
    paths = (path for path in SCREENS.glob("*.py") if path.stem != "texts")
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def test_every_sentence_that_the_screens_ask_for_exists() -> None:
    calls = [node for node in screens() if isinstance(node, ast.Call) and node.args]
    asked = [
        call.args[0].value
        for call in calls
        if isinstance(call.args[0], ast.Constant)
        and ast.unparse(call.func) in {"t", "texts()", "show_error", "Badge"}
    ]
    assert len(asked) > 20
    assert set(asked) <= set(TEXTS)
    badges = {call.args[0].value for call in calls if ast.unparse(call.func) == "Badge"}  # type: ignore[attr-defined]
    assert {f"{badge}_help" for badge in badges} | {f"arm_{arm}" for arm in ARMS} <= set(TEXTS)


def test_every_sentence_is_used() -> None:
    written = {node.value for node in screens() if isinstance(node, ast.Constant)}
    composed = {key for key in TEXTS if key.endswith("_help") and key[:-5] in written}
    assert set(TEXTS) == (written & set(TEXTS)) | composed | {f"arm_{arm}" for arm in ARMS}


def test_no_sentence_is_written_outside_the_table() -> None:
    for path in SCREENS.glob("*.py"):
        if path.stem not in {"texts", "turn"}:
            assert not JAPANESE.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    ("locale", "language"),
    [(None, "ja"), ("", "ja"), ("ja", "ja"), ("ja-JP", "ja"), ("en-US", "en"), ("fr", "en")],
)
def test_the_browser_chooses_the_language(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


def test_placeholders_are_filled_and_braces_in_values_stay() -> None:
    assert Texts("en")("signed_in", name="{x}") == "Signed in as {x}"
    assert Texts("ja")("seconds", seconds=1.25) == "1.2 秒"

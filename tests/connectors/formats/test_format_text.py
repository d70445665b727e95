"""Plain text and Markdown: character for character."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.formats.markdown import title_of
from connectors.records import Document

Read = Callable[[Path], Document]

MARKDOWN = (
    '---\ntitle: "就業規則"\n---\n\n# 第1章\r\n\r\n| a | b |\n\n'
    "  字下げ　全角空白\t\n```\n# no\n```\n"
)


def test_markdown_is_kept_character_for_character(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "規則.md"
    path.write_bytes(MARKDOWN.encode())
    document = read(path)
    assert document.parts[0].text == MARKDOWN.replace("\r\n", "\n")
    assert (document.title, document.language, document.format) == ("就業規則", "ja", "md")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("text\n\n## Second *level* [link](x.md) ##\n", "Second level link"),
        ("```\n# comment\n```\n# Real\n", "Real"),
        ("Setext\n======\n", "Setext"),
        ("# Title {#anchor}\n", "Title"),
        ("no heading\n", ""),
        ("---\nlayout: x\n---\n# 見出し\n", "見出し"),
    ],
)
def test_title_of_markdown(text: str, title: str) -> None:
    assert title_of(text) == title


def test_the_file_name_is_the_title_of_last_resort(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "手順書.txt"
    path.write_bytes("ログを確認する。\r\n".encode("cp932"))
    document = read(path)
    assert document.title == "手順書"
    assert document.parts[0].text == "ログを確認する。\n"
    assert document.notes == ("encoding cp932",)

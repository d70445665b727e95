"""The blocks of a chunk's text: headings, paragraphs, lists and tables, with their spans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list", "table"]

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
_ITEM = re.compile(
    r"^(\s*)(?:(?P<mark>[-*+•・□■▪◦])\s*(?=\S)|(?P<number>\d{1,2}[.)．]\s+|[(（]\d{1,2}[)）]\s*"
    r"|[①-⑳]\s*))(?P<text>\S.*)$"
)
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^[\s|:\-]+$")
_CELL = re.compile(r"(?<!\\)\|")
_BOX_NUMBER = re.compile(r"^\d+(?:-\d+)*\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; `start` and `end` are those of its text, without the mark."""

    text: str
    start: int
    end: int
    number: int = 0
    """What it is numbered; 0 for a bullet."""

    @property
    def ordered(self) -> bool:
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text with one structure; `items` for lists, `rows` for tables."""

    kind: BlockKind
    text: str
    start: int
    end: int
    items: tuple[Item, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    """Verbatim line of each table row."""

    @property
    def ordered(self) -> bool:
        return bool(self.items) and self.items[0].ordered


@dataclass(frozen=True, slots=True)
class _Line:
    kind: BlockKind | Literal["blank"]
    text: str
    start: int
    end: int
    item: Item | None = None


def blocks(text: str) -> list[Block]:
    """Every block of `text` in order."""
    found: list[Block] = []
    run: list[_Line] = []
    for line in _lines(text):
        if run and not _continues(run, line):
            found.extend(_block(run, text))
            run = []
        if line.kind != "blank":
            run.append(line)
    if run:
        found.extend(_block(run, text))
    return found


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.split("\n"):
        end = at + len(raw)
        yield _line(raw, at, end)
        at = end + 1


def _line(raw: str, start: int, end: int) -> _Line:
    if not raw.strip():
        return _Line("blank", "", start, end)
    if match := _HEADING.match(raw):
        return _Line("heading", match[1], start, end)
    if _ROW.match(raw):
        return _Line("table", raw.strip(), start, end)
    if match := _ITEM.match(raw):
        skip = 0
        if match["mark"] in ("□", "■") and (number := _BOX_NUMBER.match(match["text"])):
            skip = number.end()
        left = start + match.start("text") + skip
        body = match["text"][skip:].rstrip()
        entry = Item(body, left, left + len(body), _number(match["number"] or ""))
        return _Line("list", body, start, end, entry)
    return _Line("paragraph", raw.strip(), start, end)


def _number(mark: str) -> int:
    """`2.`, `(2)` and `②` are 2."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", mark))
    return int(digits) if digits else 0


def _continues(run: list[_Line], line: _Line) -> bool:
    if line.kind == "blank":
        return run[-1].kind == "list"  # blank lines between items keep one list
    if line.kind == "heading":
        return False
    return line.kind == run[-1].kind and line.kind != "paragraph"


def _block(run: list[_Line], text: str) -> Iterator[Block]:
    start, end = run[0].start, run[-1].end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    kind = run[0].kind
    if kind == "blank":
        return
    if kind == "table":
        kept = [line for line in run if not _RULE.match(line.text)]
        rows = tuple(_cells(line.text) for line in kept)
        lines = tuple(line.text for line in kept)
        yield Block("table", text[start:end], start, end, rows=rows, lines=lines)
    elif kind == "list":
        items = tuple(line.item for line in run if line.item)
        yield Block("list", text[start:end], start, end, items=items)
    else:
        yield Block(kind, run[0].text, start, end)


def _cells(row: str) -> tuple[str, ...]:
    return tuple(
        cell.strip().replace("\\|", "|")
        for cell in _CELL.split(row.strip().removeprefix("|").removesuffix("|"))
    )

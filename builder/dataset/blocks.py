"""The blocks of a chunk's cleaned text, grouped into whole lists and tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from builder.text.blocks import blocks_of, item_mark
from builder.text.clean import split_row

BlockKind = Literal["heading", "paragraph", "list", "table"]

_HEADING = re.compile(r"^\s*#{1,6}\s+(.+?)\s*#*$")
_BOX = re.compile(r"^\s*[□■]\s*(?:\d+(?:-\d+)*\s+)?")  # a heading elsewhere
_RULE = re.compile(r"^[\s|:\-]+$")


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
    """A line of the text; `kind` is that of the block that it will be in."""

    kind: BlockKind
    start: int
    end: int


def blocks(text: str) -> list[Block]:
    """Every block of `text` in order; code is left out."""
    found: list[Block] = []
    run: list[_Line] = []
    for line in _lines(text):
        if run and not _continues(run[-1], line, text):
            found.append(_block(run, text))
            run = []
        run.append(line)
    if run:
        found.append(_block(run, text))
    return found


def _lines(text: str) -> Iterator[_Line]:
    """The lines that say something. Of an item only the first is one: what follows it in the
    cleaned text is a paragraph of its own."""
    for block in blocks_of(0, text, markup=True):
        if block.kind in ("code", "matter"):
            continue
        at = block.start
        for number, raw in enumerate(text[block.start : block.end].split("\n")):
            start, end = at + len(raw) - len(raw.lstrip()), at + len(raw.rstrip())
            at += len(raw) + 1
            if start >= end:
                continue
            kind: BlockKind = "paragraph"
            if block.kind == "heading":
                kind = "heading"
            elif block.kind == "row":
                kind = "table"
            elif (block.kind == "item" and number == 0) or _BOX.match(raw):
                kind = "list"
            yield _Line(kind, start, end)


def _continues(last: _Line, line: _Line, text: str) -> bool:
    if line.kind != last.kind or line.kind not in ("list", "table"):
        return False
    # Blank lines between items keep one list; a table ends at one.
    return line.kind == "list" or text.count("\n", last.end, line.start) == 1


def _block(run: list[_Line], text: str) -> Block:
    kind, start, end = run[0].kind, run[0].start, run[-1].end
    whole = text[start:end]
    if kind == "table":
        lines = [text[line.start : line.end] for line in run]
        kept = tuple(line for line in lines if not _RULE.match(line))
        rows = tuple(tuple(split_row(line)) for line in kept)
        return Block("table", whole, start, end, rows=rows, lines=kept)
    if kind == "list":
        items = tuple(_item(text, line) for line in run)
        return Block("list", whole, start, end, items=items)
    heading = _HEADING.match(whole)
    return Block(kind, heading[1] if kind == "heading" and heading else whole, start, end)


def _item(text: str, line: _Line) -> Item:
    raw = text[line.start : line.end]
    box, mark = _BOX.match(raw), item_mark(raw)
    before = box or mark
    skip = before.end() if before else 0
    ordinal = _number(mark["mark"]) if mark and not box else 0
    return Item(raw[skip:], line.start + skip, line.end, ordinal)


def _number(mark: str) -> int:
    """`2.`, `(2)` and `②` are 2."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", mark))
    return int(digits) if digits else 0

"""The blocks of a Part: headings, paragraphs, list items, table rows, each with its exact span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row", "code", "matter"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one Part's text, `text[start:end]`, without surrounding line breaks."""

    kind: BlockKind
    part: int
    start: int
    end: int
    level: int = 0
    """For headings: 1 (outermost) to 6."""


_HASH_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+\S")
_UNDERLINE = re.compile(r"^(=+|-+)\s*$")
_ITEM = re.compile(
    r"^\s*(?P<mark>[-*+](?=\s)|[•・･◦▪]|\d{1,3}[.)](?=\s)|\d{1,3}．(?!\s*\d)|[（(]?\d{1,3}[）)]"
    r"|[①-⑳])\s*(?=\S)"
)
_QUESTION = re.compile(
    r"^\s*(?:\*\*\S.*\*\*\s*$|(?:\*\*)?(?:Q|Ｑ|問|質問)\s*\d*\s*[.．:：、)）]\s*\S)"
)
_MATTER_KEY = re.compile(r"^[\w-]+:(?:\s|$)")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_RULE = re.compile(r"^\s*([-*_])(\s*\1){2,}\s*$")
# Headings of texts without markup: Japanese articles and marks, numbered titles.
_JAPANESE_HEADING = re.compile(
    r"^\s*(第\s*[0-9０-９一二三四五六七八九十百]+\s*[章節条編款](?!の)[^。]{0,40}"
    r"|[■●◆□○◎▼【〔].{1,40})$"
)
_NUMBERED_HEADING = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+[A-Z][^.!?;:,]{1,60}$")
_JAPANESE_NUMBERED = re.compile(r"^\s*[0-9０-９]{1,2}[.．、]\s*[^。、]{1,25}$")
_ENDS_SENTENCE = re.compile(r"[.!?。！？:：;；]\s*$")
_LEVELS = {"編": 1, "章": 2, "節": 3, "款": 4, "条": 4}


def blocks_of(part: int, text: str, markup: bool) -> list[Block]:
    """The blocks of one Part in order.

    `markup` False (plain text, PDF) also takes lines that look like titles as headings.
    """
    lines = _lines(text)
    out: list[Block] = []
    index = _front_matter(part, text, lines, out) if markup else 0
    while index < len(lines):
        index = _next_block(part, text, lines, index, out, markup=markup)
    return out


def item_mark(line: str) -> re.Match[str] | None:
    """What makes the line an item of a list, up to its words; the group `mark` has no spaces."""
    return _ITEM.match(line)


def _lines(text: str) -> list[tuple[int, int]]:
    """(start, end) of every line, without its line break."""
    spans, at = [], 0
    for line in text.split("\n"):
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def _front_matter(part: int, text: str, lines: list[tuple[int, int]], out: list[Block]) -> int:
    if part or len(lines) < 2 or text[slice(*lines[0])].strip() != "---":
        return 0
    if not _MATTER_KEY.match(text[slice(*lines[1])]):
        return 0  # a text between two rules
    for index in range(1, len(lines)):
        if text[slice(*lines[index])].strip() == "---":
            out.append(Block("matter", part, 0, lines[index][1]))
            return index + 1
    return 0


def _next_block(
    part: int,
    text: str,
    lines: list[tuple[int, int]],
    index: int,
    out: list[Block],
    *,
    markup: bool,
) -> int:
    start, end = lines[index]
    line = text[start:end]
    if not line.strip() or _RULE.match(line):
        return index + 1
    if _FENCE.match(line):
        stop = _fence_end(text, lines, index)
        out.append(Block("code", part, start, lines[stop - 1][1]))
        return stop
    level = _heading_level(line, markup=markup)
    if level:
        out.append(Block("heading", part, start, end, level))
        return index + 1
    if index + 1 < len(lines) and _is_underline(text, lines[index + 1], line):
        mark = text[lines[index + 1][0]]
        out.append(Block("heading", part, start, end, 1 if mark == "=" else 2))
        return index + 2
    if _ROW.match(line):
        out.append(Block("row", part, start, end))
        return index + 1
    kind: BlockKind = "item" if _ITEM.match(line) else "paragraph"
    stop = _paragraph_end(text, lines, index + 1, markup=markup)
    out.append(Block(kind, part, start, lines[stop - 1][1]))
    return stop


def _heading_level(line: str, *, markup: bool) -> int:
    hashes = _HASH_HEADING.match(line)
    if hashes:
        return len(hashes[1])
    if markup:
        return 0
    japanese = _JAPANESE_HEADING.match(line)
    if japanese and not _ENDS_SENTENCE.search(line):
        article = re.match(r"\s*第\s*\S+?\s*([章節条編款])", line)
        return _LEVELS[article[1]] if article else 3
    if _NUMBERED_HEADING.match(line):
        return 2 + line.strip().split()[0].rstrip(".)").count(".")
    return 3 if _JAPANESE_NUMBERED.match(line) and not _ENDS_SENTENCE.search(line) else 0


def _is_underline(text: str, span: tuple[int, int], line: str) -> bool:
    under = text[slice(*span)]
    return bool(_UNDERLINE.match(under)) and len(under.strip()) >= 3 and len(line.strip()) < 80


def _fence_end(text: str, lines: list[tuple[int, int]], index: int) -> int:
    for stop in range(index + 1, len(lines)):
        if _FENCE.match(text[slice(*lines[stop])]):
            return stop + 1
    return len(lines)


def _paragraph_end(text: str, lines: list[tuple[int, int]], index: int, *, markup: bool) -> int:
    """Index after the last line that goes on the paragraph or item begun before `index`."""
    while index < len(lines):
        line = text[slice(*lines[index])]
        starts_new = (
            not line.strip()
            or _ITEM.match(line)
            or _ROW.match(line)
            or _FENCE.match(line)
            or _RULE.match(line)
            or _QUESTION.match(line)
            or _heading_level(line, markup=markup)
        )
        if starts_new:
            break
        index += 1
    return index

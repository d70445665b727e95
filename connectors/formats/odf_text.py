"""OpenDocument text as Markdown: headings, lists with their numbers, tables, text boxes, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.formats.odf import DRAW, OFFICE, STYLE, TABLE, TEXT, repeated
from connectors.formats.safe_xml import children
from connectors.markdown_table import table_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

_SKIPPED = frozenset(
    (
        f"{TEXT}tracked-changes",
        f"{TEXT}table-of-content",
        f"{TEXT}note-citation",
        f"{TEXT}ruby-text",
        f"{OFFICE}annotation",
        f"{OFFICE}forms",
        f"{DRAW}frame",
    )
)
_BOXES = frozenset((f"{DRAW}frame", f"{DRAW}custom-shape", f"{DRAW}g", f"{DRAW}text-box"))
_MAX_REPEATS = 1000


class OdfText:
    """Walks a body; the numbers of lists count along, so it is walked once."""

    def __init__(self, styles: dict[str, _Element]) -> None:
        self._styles = styles
        self._counts: dict[tuple[str, int], int] = {}
        self.title = ""
        """The first paragraph of style Title, else the first heading of level 1."""
        self._has_title = False

    def blocks(self, parent: _Element) -> Iterator[str]:
        """The lines of everything in an element, in order."""
        for element in children(parent):
            if element.tag in (f"{TEXT}h", f"{TEXT}p"):
                yield from self._paragraph(element)
            elif element.tag == f"{TEXT}list":
                yield from ("", *self._list(element, 0), "")
            elif element.tag == f"{TABLE}table":
                yield from ("", *table_rows(self._grid(element)), "")
            elif element.tag in _BOXES or element.tag not in _SKIPPED:
                yield from self.blocks(element)

    def _paragraph(self, element: _Element) -> Iterator[str]:
        text, level = inline_text(element), self._level(element)
        if text and level is not None:
            if level < 2 and not self._has_title and not (level and self.title):
                self.title, self._has_title = text, level == 0
            yield from ("", f"{'#' * max(level, 1)} {' '.join(text.split())}", "")
        elif text:
            yield from ("", text, "")
        for box in _boxes(element):
            yield from self.blocks(box)

    def _level(self, element: _Element) -> int | None:
        """1 to 6; 0 for the title; None for body text."""
        if element.tag == f"{TEXT}h":
            value = str(element.get(f"{TEXT}outline-level") or "1")
            return min(int(value), 6) if value.isdecimal() and value != "0" else 1
        name = str(element.get(f"{TEXT}style-name") or "")
        for _ in range(10):
            if name == "Title":
                return 0
            style = self._styles.get(name)
            name = str(style.get(f"{STYLE}parent-style-name") or "") if style is not None else ""
        return None

    def _list(self, element: _Element, depth: int, style: str = "") -> Iterator[str]:
        style = str(element.get(f"{TEXT}style-name") or style)
        numbered = self._is_numbered(style, depth)
        key = (style, depth)
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(
            f"{TEXT}continue-list"
        )
        count = self._counts.get(key, 0) if goes_on else 0
        for item in children(element):
            if item.tag == f"{TEXT}list-item":
                start = str(item.get(f"{TEXT}start-value") or "")
                count = int(start) if start.isdecimal() and len(start) < 8 else count + 1
            label = f"{count}. " if numbered else "- "
            is_item = item.tag == f"{TEXT}list-item"
            yield from self._item(item, depth, style, label if is_item else "")
        self._counts[key] = count

    def _item(self, item: _Element, depth: int, style: str, label: str) -> Iterator[str]:
        indent = "  " * depth
        for block in children(item):
            if block.tag == f"{TEXT}list":
                yield from self._list(block, min(depth + 1, 9), style)
            elif block.tag == f"{TEXT}h":  # a numbered heading
                yield from self._paragraph(block)
            else:
                lines = " ".join(" ".join(self.blocks_of_one(block)).split())
                if lines:
                    yield f"{indent}{label}{lines}"
                    label = "  " if label else ""

    def blocks_of_one(self, element: _Element) -> Iterator[str]:
        """The lines of one paragraph, or of everything in another element."""
        if element.tag in (f"{TEXT}h", f"{TEXT}p"):
            return self._paragraph(element)
        return self.blocks(element)

    def _is_numbered(self, name: str, depth: int) -> bool:
        style = self._styles.get(name)
        if style is None:
            return False
        levels = [level for level in children(style) if level.get(f"{TEXT}level") == str(depth + 1)]
        return any(
            level.tag == f"{TEXT}list-level-style-number" and level.get(f"{STYLE}num-format")
            for level in levels
        )

    def _grid(self, table: _Element) -> list[list[str]]:
        """Cells in their columns; a cell over several rows is repeated, over columns it is not."""
        grid: list[list[str]] = []
        for row in _rows(table):
            line: list[str] = []
            for cell in children(row):
                if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                    continue
                text = " ".join(part for part in self.blocks(cell) if part)
                copies = repeated(cell, "number-columns-repeated", _MAX_REPEATS)
                line += [text] * min(copies, _MAX_REPEATS - len(line))
            for column in self._covered(row):
                if column < len(line) and grid and column < len(grid[-1]) and not line[column]:
                    line[column] = grid[-1][column]
            grid += [line] * (
                repeated(row, "number-rows-repeated", _MAX_REPEATS) if any(line) else 1
            )
        width = max((_filled(line) for line in grid), default=0)
        return [line[:width] for line in grid if any(line)]

    def _covered(self, row: _Element) -> Iterator[int]:
        """Columns that a cell from the row above covers."""
        column, across = 0, 0
        for cell in children(row):
            count = repeated(cell, "number-columns-repeated", _MAX_REPEATS)
            if cell.tag == f"{TABLE}covered-table-cell":
                yield from range(column + min(across, count), column + count)
                across = max(across - count, 0)
            else:
                across = repeated(cell, "number-columns-spanned", _MAX_REPEATS) - 1
            column += count


def inline_text(element: _Element) -> str:
    """A paragraph's text: white space as the program shows it, notes in brackets where they are."""
    return re.sub(r" *\n *", "\n", "".join(_pieces(element))).strip()


def _pieces(element: _Element) -> Iterator[str]:
    yield _collapsed(element.text)
    for child in element:
        if child.tag == f"{TEXT}s":
            count = str(child.get(f"{TEXT}c") or "1")
            yield " " * (min(int(count), 100) if count.isdecimal() and len(count) < 9 else 1)
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif child.tag == f"{TEXT}note-body":
            yield f" ({' '.join(' '.join(map(inline_text, children(child))).split())})"
        elif child.tag not in _SKIPPED and child.tag not in _BOXES:
            yield from _pieces(child)
        yield _collapsed(child.tail)


def _collapsed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _boxes(element: _Element) -> Iterator[_Element]:
    """The outermost drawings in a paragraph."""
    for child in children(element):
        if child.tag in _BOXES:
            yield child
        elif child.tag not in _SKIPPED:
            yield from _boxes(child)


def _rows(table: _Element) -> Iterator[_Element]:
    """The rows of a table, those in groups and headers included; not those of tables in cells."""
    for child in children(table):
        if child.tag == f"{TABLE}table-row":
            yield child
        elif str(child.tag).startswith(f"{TABLE}table-"):
            yield from _rows(child)


def _filled(line: list[str]) -> int:
    return max((i for i, cell in enumerate(line, 1) if cell), default=0)

"""The paragraphs and tables of an RTF file, and how they become Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.markdown_table import table_rows

_SENTENCE_END = (".", "。", "!", "！", "?", "？", ":", "：", ",", "、")
_LONGEST_BOLD_HEADING = 60  # characters
_NUMBER = re.compile(r"^\(?\w{1,4}[.)）]$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `level` 0 is a title, 1 to 6 a heading."""

    text: str
    level: int | None = None
    label: str = ""
    """The number or bullet before a list item."""
    depth: int = 0
    bold: bool = False
    """Whether all of it is bold."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; `continues` where it goes on the one above, `joined` the one at its left."""

    text: str
    continues: bool = False
    joined: bool = False


class Blocks:
    """Collects paragraphs and table rows in the order of the file."""

    def __init__(self) -> None:
        self._blocks: list[Paragraph | list[list[str]]] = []

    def add_paragraph(self, paragraph: Paragraph) -> None:
        """A paragraph outside of tables; blank ones only end a table."""
        self._blocks.append(paragraph)

    def add_row(self, cells: list[Cell]) -> None:
        """A row of the table that was begun, or of a new one."""
        if not self._blocks or isinstance(self._blocks[-1], Paragraph):
            self._blocks.append([])
        table = self._blocks[-1]
        if isinstance(table, Paragraph):
            return
        above = table[-1] if table else []
        row = []
        for column, cell in enumerate(cells):
            upper = above[column] if cell.continues and column < len(above) else ""
            row.append("" if cell.joined else upper or cell.text)
        table.append(row)

    def title(self) -> str:
        """The paragraph of style Title, else the first heading of level 1."""
        headings = [b for b in self._blocks if isinstance(b, Paragraph) and b.text]
        for level in (0, 1):
            for heading in headings:
                if heading.level == level:
                    return " ".join(heading.text.split())
        return ""

    def text(self) -> str:
        """Everything as Markdown."""
        lines = [line for block in self._blocks for line in self._lines(block)]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def _lines(self, block: Paragraph | list[list[str]]) -> Iterator[str]:
        if isinstance(block, list):
            yield from ("", *table_rows([row for row in block if any(row)]), "")
            return
        text, level = block.text, block.level
        if level is None and self._stands_as_heading(block):
            level = 2
        if not text:
            return
        if level is not None:
            label = f"{block.label} " if _NUMBER.match(block.label) else ""
            yield from ("", f"{'#' * max(level, 1)} {label}{' '.join(text.split())}", "")
        elif block.label:
            mark = block.label if _NUMBER.match(block.label) else "-"
            yield f"{'  ' * block.depth}{mark} {text}"
        else:
            yield from ("", text, "")

    def _stands_as_heading(self, block: Paragraph) -> bool:
        """Programs without styles (WordPad) show headings as short bold paragraphs."""
        if not block.bold or block.label or self._has_headings():
            return False
        return len(block.text) <= _LONGEST_BOLD_HEADING and not block.text.endswith(_SENTENCE_END)

    def _has_headings(self) -> bool:
        return any(isinstance(b, Paragraph) and b.level is not None for b in self._blocks)

"""The pages of a PDF together: headings get their marks, tables go on over the page break."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from connectors.formats.pdf_headings import (
    Page,
    heading_levels,
    join_headings,
    repeated_lines,
)
from connectors.formats.pdf_lines import TextLine, joined_text
from connectors.formats.pdf_repair import clean
from connectors.markdown_table import table_row

_RULE = re.compile(r"^\s*([-=_*~─━―－])\1{2,}\s*$")
_LITERAL_HASH = re.compile(r"^(\s{0,3})(#{1,6}\s)")


def page_texts(pages: Sequence[Page], outline: Mapping[tuple[int, str], int]) -> list[str]:
    """One text a page: headings as `# …`, rows as `| a | b |`, paragraphs apart."""
    _join_tables(pages)
    levels = heading_levels(pages, outline)
    join_headings(pages, levels)
    return [
        clean("\n".join(_rendered(lines, {i: levels.get((page, i), 0) for i in range(len(lines))})))
        for page, lines in enumerate(pages)
    ]


def _rendered(lines: Page, levels: Mapping[int, int]) -> list[str]:
    out: list[str] = []
    after = False
    for index, line in enumerate(lines):
        if not line.text.strip() and not any(line.cells):
            continue
        level = levels[index]
        # A drawn line of signs below a text would make it a heading in Markdown.
        is_rule = bool(_RULE.match(line.text)) and not line.cells
        if out and (line.apart or level or is_rule or after):
            out.append("")
        after = bool(level) or is_rule
        if line.cells:
            out.append(table_row([clean(cell) for cell in line.cells]))
        elif level:
            out.append(f"{'#' * level} {line.text.strip()}")
        else:
            out.append(_LITERAL_HASH.sub(r"\1\\\2", line.text))
    return out


def _join_tables(pages: Sequence[Page]) -> None:
    """A table that goes on at the top of the next page: its head is not repeated, and a row that
    the page break cuts is put together on the page where it starts."""
    repeated = repeated_lines(pages)
    kept = [
        [line for i, line in enumerate(lines) if (page, i) not in repeated and line.text.strip()]
        for page, lines in enumerate(pages)
    ]
    head: tuple[str, ...] = ()
    for before, after in pairwise(kept):
        if not before or not after or not before[-1].cells or not after[0].cells:
            head = ()
            continue
        if len(before[-1].cells) != len(after[0].cells):
            head = ()
            continue
        table = _last_table(before)
        head = head or table[0].cells
        if after[0].cells == head:
            _empty(after.pop(0))
        if after and after[0].cells and _is_rest(table, after[0]):
            rest = after.pop(0)
            whole = zip(table[-1].cells, rest.cells, strict=True)
            table[-1].cells = tuple(joined_text([upper, lower]) for upper, lower in whole)
            _empty(rest)


def _last_table(lines: Sequence[TextLine]) -> list[TextLine]:
    start = len(lines) - 1
    while start and lines[start - 1].cells and not lines[start].apart:
        start -= 1
    return list(lines[start:])


def _is_rest(table: Sequence[TextLine], row: TextLine) -> bool:
    """Whether a row without a first cell is the rest of the last one: in a table whose rows all
    have one, and below cells that hold text."""
    if len(row.cells) != len(table[-1].cells) or row.cells[0]:
        return False
    below = all(upper for upper, lower in zip(table[-1].cells, row.cells, strict=True) if lower)
    return below and any(row.cells) and all(line.cells[0] for line in table)


def _empty(line: TextLine) -> None:
    line.text, line.cells = "", ()

"""Table rows as Markdown: `| a | b |`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table_row(cells: Iterable[str]) -> str:
    """One row; line breaks in a cell become spaces and `|` is escaped."""
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def table_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """All rows, the first as the header; every row as wide as the widest."""
    if not rows:
        return []
    width = max(len(row) for row in rows)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return [table_row(padded[0]), table_row(["---"] * width), *map(table_row, padded[1:])]


def _cell(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip()).replace("|", "\\|")

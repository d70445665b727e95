"""Rows of a table that is no catalogue, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from connectors.catalog.header import Row
from connectors.markdown_table import table_row, table_rows


def plain_lines(rows: Sequence[Row], *, has_header: bool) -> list[str]:
    """Table rows, with titles and other tables below blank rows set apart."""
    if not has_header:
        return [table_row(row) for _, row in rows]
    lines: list[str] = []
    for block in blocks(rows):
        cells = [row for _, row in block]
        lines += ["", *_block_lines(cells)] if lines else _block_lines(cells)
    return lines


def blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows between blank rows: a sheet may hold several tables below each other."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1][0] - pair[0]):
        yield [row for _, row in group]


def line_of(cells: Sequence[str]) -> str:
    """A row beside a catalogue: a remark as it stands, several cells as a table row."""
    filled = [cell for cell in cells if cell]
    return " ".join(filled[0].split("\n")) if len(filled) == 1 else table_row(filled)


def _block_lines(block: list[list[str]]) -> list[str]:
    """Titles above a table as lines, then the table without empty columns at its left."""
    titles = list(takewhile(lambda row: sum(map(bool, row)) == 1, block))
    lines = [line_of(row) for row in titles]
    body = block[len(titles) :]
    if not body:
        return lines
    left = min(next(i for i, cell in enumerate(row) if cell) for row in body)
    return [*lines, *([""] if lines else []), *table_rows([row[left:] for row in body])]

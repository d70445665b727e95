"""Merged cells: what stands in the first cell counts for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.catalog.header import Row


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; row numbers as in `Row`, columns from 0, ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


def fill_down(rows: Sequence[Row], merges: Sequence[Merge]) -> list[Row]:
    """A cell merged over several rows counts for each of them."""
    if not merges:
        return list(rows)
    filled = {number: list(cells) for number, cells in rows}
    for merge in merges:
        first = filled.get(merge.first_row)
        if first is None or merge.first_column >= len(first):
            continue
        for number in range(merge.first_row + 1, merge.last_row + 1):
            _put(filled.get(number), merge.first_column, first[merge.first_column])
    return list(filled.items())


def fill_across(rows: Sequence[Row], merges: Sequence[Merge]) -> list[list[str]]:
    """In a header, a cell merged over several columns counts for each of them."""
    if not merges:
        return [list(cells) for _, cells in rows]
    filled = {number: list(cells) for number, cells in rows}
    for merge in merges:
        for number in range(merge.first_row, merge.last_row + 1):
            cells = filled.get(number)
            if cells is None or merge.first_column >= len(cells):
                continue
            for column in range(merge.first_column + 1, merge.last_column + 1):
                _put(cells, column, cells[merge.first_column])
    return list(filled.values())


def _put(cells: list[str] | None, column: int, value: str) -> None:
    if cells is None or not value:
        return
    cells.extend("" for _ in range(column + 1 - len(cells)))
    cells[column] = value

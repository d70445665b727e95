"""Where the header of a table is, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.catalog.columns import (
    NO_CORRECTIONS,
    Corrections,
    is_catalogue,
    is_of_another_table,
    strong_field,
)
from connectors.catalog.units import is_missing, normalize_width, unit_symbol

Row = tuple[int, list[str]]
"""(row number in the source, cells)"""

_SEARCHED_ROWS = 20  # a title, a date and a note may stand above the header
_SPACED_OUT = 2  # more words than this of one letter each are one word spaced out
_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uff01-\uff9fー々]"
_UNIT_LABELS = ("単位", "unit", "units")  # what stands at the left of a row of units
_TRAILING_UNIT = re.compile(r"^(.+?)\s*[\(\[（［]([^()\[\]（）［］]+)[\)\]）］]$")
_UNIT_SUFFIX = re.compile(r"^(.+?)(?:_(kg|g|mg|mm|cm|ml|kw|kwh|wh|w|v|mah|hz)|[ _](grams))$", re.I)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `label` is the heading as written; `name` is the heading without its unit."""

    label: str
    name: str
    unit: str
    is_named: bool = True
    """False where the source has no heading above it, and `label` only counts."""


def find_catalogue_header(
    rows: Sequence[Row], corrections: Corrections = NO_CORRECTIONS
) -> int | None:
    """Index of the first row whose cells are the headings of a product catalogue."""
    for index, (_, cells) in enumerate(rows[:_SEARCHED_ROWS]):
        if is_catalogue([clean_label(cell) for cell in cells], corrections):
            return index
    return None


def begins_other_table(cells: Sequence[str]) -> bool:
    """Whether a row below a blank one is the header of a table that is no catalogue."""
    labels = [clean_label(cell) for cell in cells if cell]
    known = sum(bool(strong_field(label)) or is_of_another_table([label]) for label in labels)
    return len(labels) >= 2 and known >= 2 and not any(map(_is_number, labels))


def is_subheader(header: Sequence[str], cells: Sequence[str], keys: Sequence[int]) -> bool:
    """Whether the row below a header names the columns of its groups: words only, none of them
    below the product's name or code (`keys`), and some where the header has nothing."""
    filled = {i for i, cell in enumerate(cells) if cell}
    below_nothing = {i for i in filled if i >= len(header) or not header[i]}
    return (
        len(filled) >= 2
        and bool(below_nothing)
        and not filled & set(keys)
        and not any(_is_value(cells[i]) for i in filled)
    )


def is_group_row(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether the row above a header names groups of its columns: a few words, spread out."""
    filled = [i for i, cell in enumerate(cells) if cell]
    wide = len(cells) - 1 <= len(header)
    return (
        wide
        and 2 <= len(filled) < sum(map(bool, header))
        and all(i < len(header) and header[i] for i in filled)
        and not any(_is_value(cells[i]) for i in filled)
    )


def spread(cells: Sequence[str], below: Sequence[str]) -> list[str]:
    """A row of groups with each name over all its columns: those that have a name below."""
    out: list[str] = []
    for index in range(max(len(cells), len(below))):
        cell = cells[index] if index < len(cells) else ""
        under = below[index] if index < len(below) else ""
        out.append(cell or (out[-1] if out and under else ""))
    return out


def looks_like_header(rows: Sequence[Row]) -> bool:
    """Whether a header comes first: known headings, or words where the rows below hold numbers."""
    if find_catalogue_header(rows) is not None:
        return True
    first, body = rows[0][1], [cells for _, cells in rows[1:31]]
    filled = [cell for cell in first if cell]
    if any(_is_number(cell) for cell in filled):
        return False
    return bool(body) and len(set(filled)) == len(filled) and len(filled) * 2 > len(first)


def unit_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the row below the first that holds units and little else."""
    for index, cells in enumerate(rows[1:], 1):
        filled = [c for c in cells if not is_missing(c) and c.lower() not in _UNIT_LABELS]
        units = sum(bool(unit_symbol(cell)) for cell in filled)
        if units >= 2 and units * 4 >= len(filled) * 3:
            return index
    return None


def columns_of(block: Sequence[Sequence[str]]) -> list[Column]:
    """The columns that the rows of a header describe.

    The lowest label counts; the one above it is its group, which gives its unit, and its name
    where that tells two columns apart or says what they hold (`価格` over `会員`). A row of units
    ends the labels: what stands below it are keys for machines.
    """
    units_at = unit_row(block)
    label_rows = block if units_at is None else block[:units_at]
    units = block[units_at] if units_at is not None else []
    width = max(len(row) for row in block)
    stacks = [
        [clean_label(row[i]) for row in reversed(label_rows) if i < len(row) and row[i]]
        for i in range(width)
    ]
    lowest = Counter(stack[0] for stack in stacks if stack)
    columns = []
    for index, stack in enumerate(stacks):
        unit = unit_symbol(units[index]) if index < len(units) else ""
        label = stack[0] if stack else ""
        group = next((above for above in stack[1:] if above != label), "")
        is_field = strong_field(group) == "price" and not strong_field(label)
        if group and not unit and is_field:
            label = f"{label} {group}"
        elif group and not unit and lowest[label] > 1:
            label = f"{group} {label}"
        columns.append(_column(label, unit or _stated_unit(group), index))
    return _distinct(columns)


def _stated_unit(label: str) -> str:
    """The unit in a heading's parentheses: `寸法(mm)`."""
    stated = _TRAILING_UNIT.match(label)
    return unit_symbol(stated[2]) if stated else ""


def clean_label(text: str) -> str:
    """A heading on one line; letters spaced out for looks (`食　品　名`) are put together."""
    tokens = text.split()
    if len(tokens) > _SPACED_OUT and sum(len(token) == 1 for token in tokens) >= len(tokens) - 1:
        return "".join(tokens)
    text = " ".join(tokens)
    return re.sub(rf"(?<={_CJK}) +(?={_CJK})", "", text)


def _column(label: str, unit: str, index: int) -> Column:
    if not label:
        return Column(f"column {index + 1}", f"column {index + 1}", unit, is_named=False)
    stated = _TRAILING_UNIT.match(label)
    if stated and unit_symbol(stated[2]):
        return Column(label, stated[1], unit_symbol(stated[2]))
    if not unit and (suffix := _UNIT_SUFFIX.match(label)):
        return Column(label, label, unit_symbol(suffix[2] or suffix[3]))
    return Column(label, label, unit)


def _distinct(columns: list[Column]) -> list[Column]:
    """Equal headings are told apart by their unit, else by their number."""
    labels = Counter(column.label for column in columns)
    units = Counter((column.label, column.unit) for column in columns)
    seen: Counter[str] = Counter()
    distinct = []
    for column in columns:
        label = column.label
        seen[label] += 1
        if labels[label] > 1 and column.unit and units[label, column.unit] == 1:
            label = f"{label}({column.unit})"
        elif seen[label] > 1:
            label = f"{label}({seen[label]})"
        name = column.name if label == column.label else label
        distinct.append(replace(column, label=label, name=name))
    names = Counter(column.name for column in distinct)
    return [
        column if names[column.name] == 1 else replace(column, name=column.label)
        for column in distinct
    ]


def _is_value(cell: str) -> bool:
    """Whether a cell has a figure in it: a heading seldom does, but for `備考2`."""
    return bool(re.search(r"\d", normalize_width(cell)[:-1] if len(cell) > 2 else cell))


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[¥$€]?[+-]?[\d,]+(\.\d+)?%?", normalize_width(cell)))

"""Rows to products where a table is a catalogue, to questions and answers where it is such a list,
else to Markdown table rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.catalog.columns import Corrections, corrections_of
from connectors.catalog.header import (
    Row,
    begins_other_table,
    columns_of,
    find_catalogue_header,
    is_group_row,
    is_subheader,
    spread,
    unit_row,
)
from connectors.catalog.mapping import Columns, map_columns, told
from connectors.catalog.merges import Merge, fill_across, fill_down
from connectors.catalog.plain import blocks, line_of, plain_lines
from connectors.catalog.product import product_from
from connectors.catalog.variants import completed, is_hidden
from connectors.qa.sheet import read_sheet
from connectors.records import Product

_UNIQUE = 0.5  # a column with more repeats than this holds no codes of products
_TOTAL = re.compile(r"(?:総?合?計|小計|総額|(?:sub|grand )?total)[\s::]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file or sheet, blank ones left out."""

    rows: Sequence[Row]
    has_header: bool = True
    header_rows: int = 0
    """How many of the first rows are the header; 0 where that is to be found out."""
    plain: bool = False
    """Never a catalogue."""
    merges: tuple[Merge, ...] = ()
    place: str = ""
    """Put before `row N` in locators: `sheet Prices`."""
    corrections: tuple[tuple[str, str], ...] = ()
    """(heading, field): see `ReadingSettings.columns`."""


@dataclass(frozen=True, slots=True)
class Content:
    """Every row of a table is in exactly one of these: `notes` names the duplicates."""

    products: tuple[Product, ...]
    lines: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """One catalogue of a table, before duplicates are taken out."""

    products: list[Product]
    lines: list[str]
    notes: list[str]


def read_table(table: Table) -> Content:
    """The products of a table's catalogues and the rows around them, its questions and answers, or
    a plain table's rows."""
    rows = fill_down(table.rows, table.merges)
    if table.plain or not table.has_header:
        return _plain(table, rows)
    if pairs := read_sheet(rows):
        return Content((), pairs.lines, tuple(_placed(table, note) for note in pairs.notes))
    corrections = corrections_of(table.corrections)
    parts = [_catalogue(table, part, corrections) for part in _stretches(table, rows, corrections)]
    if not any(isinstance(part, _Catalogue) for part in parts):
        return _plain(table, rows)
    products: list[Product] = []
    lines: list[str] = []
    notes: list[str] = []
    for part in parts:
        own = part.lines if isinstance(part, _Catalogue) else part
        lines += ["", *own] if lines and own else own
        if isinstance(part, _Catalogue):
            products += part.products
            notes += (note for note in part.notes if note not in notes)
    kept, duplicates = _without_duplicates(products)
    return Content(tuple(kept), tuple(lines), (*notes, *duplicates))


def _plain(table: Table, rows: Sequence[Row]) -> Content:
    return Content((), tuple(plain_lines(rows, has_header=table.has_header)), ())


def _placed(table: Table, note: str) -> str:
    return f"{table.place}: {note}" if table.place else note


def _stretches(table: Table, rows: list[Row], corrections: Corrections) -> list[list[Row]]:
    """The tables of a sheet: a new one begins below a blank row, with a header of its own."""
    if table.header_rows:
        return [rows]
    found: list[list[Row]] = []
    for block in blocks(rows):
        titled = next((cells for _, cells in block if sum(map(bool, cells)) > 1), [])
        is_new = _begins_catalogue(block, corrections)
        if not found or is_new or begins_other_table(titled):
            found.append(block)
        else:
            found[-1] += block
    return found


def _begins_catalogue(block: list[Row], corrections: Corrections) -> bool:
    """Whether the rows begin with a header, titles above it aside."""
    header = find_catalogue_header(block, corrections)
    if header is None:
        return False
    width = sum(map(bool, block[header][1]))
    return all(2 * sum(map(bool, cells)) <= width + 1 for _, cells in block[:header])


def _catalogue(table: Table, rows: list[Row], corrections: Corrections) -> _Catalogue | list[str]:
    """The products of these rows; the rows as lines where they are no catalogue."""
    header = find_catalogue_header(rows, corrections)
    if header is None:
        return plain_lines(rows, has_header=True)
    start, end, block = _header_block(rows, header, table.merges)
    end = max(end, table.header_rows)
    columns = map_columns(columns_of(block), corrections)
    body, images = completed(rows[end:], columns)
    shown = [row for row in body if not is_hidden(row[1], columns)]
    products, others = _products(shown, columns, rows[header][1], table.place)
    if not products or not _codes_are_unique(products, columns.fields):
        return plain_lines(rows, has_header=True)
    notes = [_placed(table, told(columns, products))]
    if images:
        notes.append(_placed(table, f"left out: {images} rows with a further image only"))
    if hidden := len(body) - len(shown):
        notes.append(_placed(table, f"left out: {hidden} rows that the shop does not show"))
    around = [cells for _, cells in [*rows[:start], *others]]
    return _Catalogue(products, [line_of(cells) for cells in around], notes)


def _header_block(
    rows: Sequence[Row], header: int, merges: Sequence[Merge]
) -> tuple[int, int, list[list[str]]]:
    """(first index, index after, its rows filled): rows that share a merged cell with the header
    belong to it, and so do groups above it, columns of its groups and units below it."""
    number = rows[header][0]
    shared = [m for m in merges if m.first_row <= number <= m.last_row]
    first = min((m.first_row for m in shared), default=number)
    last = max((m.last_row for m in shared), default=number)
    numbers = [row_number for row_number, _ in rows]
    start = next(i for i, row_number in enumerate(numbers) if row_number >= first or i == header)
    end = next((i for i, n in enumerate(numbers) if i > header and n > last), len(rows))
    units = unit_row([cells for _, cells in rows[header : end + 1]])
    end = max(end, header + units + 1) if units is not None else end
    block = fill_across(rows[start:end], merges)
    if end - start > 1 and units is None:
        return start, end, block
    return _with_groups(rows, start, end, block)


def _with_groups(
    rows: Sequence[Row], start: int, end: int, block: list[list[str]]
) -> tuple[int, int, list[list[str]]]:
    """The header with the rows of groups that no merged cell marks, as in CSV files."""
    labels = block[0]
    if end < len(rows) and len(block) == 1:
        below = rows[end][1]
        keys = [index for index, label in enumerate(labels) if index < 2 and label]
        if is_subheader(labels, below, keys):
            block = [spread(labels, below), list(below)]
            end += 1
            units = unit_row([below, rows[end][1]]) if end < len(rows) else None
            if units is not None:
                block.append(list(rows[end][1]))
                end += 1
    if start and rows[start - 1][0] == rows[start][0] - 1:
        above = rows[start - 1][1]
        if is_group_row(above, labels):
            start, block = start - 1, [spread(above, labels), *block]
    return start, end, block


def _products(
    rows: Sequence[Row], columns: Columns, header: Sequence[str], place: str
) -> tuple[list[Product], list[Row]]:
    """The products, and the rows that are none: headings between the rows, totals and remarks
    below them. A header that is printed again says nothing new."""
    products, others = [], []
    for number, cells in rows:
        if cells == header:
            continue
        locator = f"{place} row {number}".strip()
        product = None if _is_total(cells) else product_from(cells, columns, locator)
        if product is None:
            others.append((number, cells))
        else:
            products.append(product)
    return products, others


def _is_total(cells: Sequence[str]) -> bool:
    """Whether one of the row's first cells says that the row sums up others."""
    first = [cell for cell in cells if cell][:3]
    return any(len(cell) <= 12 and _TOTAL.fullmatch(cell) for cell in first)


def _codes_are_unique(products: Sequence[Product], fields: dict[str, int]) -> bool:
    codes = [product.sku for product in products if product.sku]
    return "sku" not in fields or len(set(codes)) >= len(codes) * _UNIQUE


def _without_duplicates(products: Sequence[Product]) -> tuple[list[Product], list[str]]:
    """The first row of each code is kept; each later one gets a note that says how it differs."""
    first: dict[str, Product] = {}
    kept, notes = [], []
    for product in products:
        original = first.setdefault(product.sku, product) if product.sku else product
        if original is product:
            kept.append(product)
            continue
        before = dict(original.cells)
        differing = [name for name, value in product.cells if before.get(name) != value]
        difference = f"differs in {', '.join(differing)}" if differing else "same values"
        notes.append(
            f"duplicate SKU {product.sku} in {product.locator}; "
            f"first is {original.locator}, which is kept ({difference})"
        )
    return kept, notes

"""Rows to products where a table is a catalogue, else to Markdown table rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from connectors.catalog.columns import fields_of
from connectors.catalog.header import (
    Column,
    Row,
    columns_of,
    find_catalogue_header,
    unit_row,
)
from connectors.catalog.product import product_from
from connectors.markdown_table import table_row, table_rows
from connectors.records import Product

_UNIQUE = 0.5  # a column with more repeats than this holds no codes of products


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; row numbers as in `Row`, columns from 0, ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


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


@dataclass(frozen=True, slots=True)
class Content:
    """Every row of a table is in exactly one of these: `notes` names the duplicates."""

    products: tuple[Product, ...]
    lines: tuple[str, ...]
    notes: tuple[str, ...]


def read_table(table: Table) -> Content:
    """The products of a catalogue and the rows around them, or a plain table's rows."""
    rows = _fill_down(table.rows, table.merges)
    header = None if table.plain or not table.has_header else find_catalogue_header(rows)
    if header is None:
        return _plain(table, rows)
    start, end = _header_block(rows, header, table.merges)
    block = _fill_across(rows[start : max(end, table.header_rows)], table.merges)
    columns = columns_of(block)
    fields = fields_of([column.label for column in columns])
    body = rows[max(end, table.header_rows) :]
    products, others = _products(body, columns, fields, table.place)
    if not products or not _codes_are_unique(products, fields):
        return _plain(table, rows)
    kept, notes = _without_duplicates(products)
    around = [cells for _, cells in [*rows[:start], *others]]
    lines = [_line(cells) for cells in around]
    return Content(tuple(kept), tuple(lines), tuple(notes))


def _plain(table: Table, rows: Sequence[Row]) -> Content:
    if not table.has_header:
        return Content((), tuple(table_row(row) for _, row in rows), ())
    lines: list[str] = []
    for block in _blocks(rows):
        lines += ["", *_block_lines(block)] if lines else _block_lines(block)
    return Content((), tuple(lines), ())


def _blocks(rows: Sequence[Row]) -> Iterator[list[list[str]]]:
    """Rows between blank rows: a sheet may hold several tables below each other."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1][0] - pair[0]):
        yield [row for _, (_, row) in group]


def _block_lines(block: list[list[str]]) -> list[str]:
    """Titles above a table as lines, then the table without empty columns at its left."""
    titles = list(takewhile(lambda row: sum(map(bool, row)) == 1, block))
    lines = [_line(row) for row in titles]
    body = block[len(titles) :]
    if not body:
        return lines
    left = min(next(i for i, cell in enumerate(row) if cell) for row in body)
    return [*lines, *([""] if lines else []), *table_rows([row[left:] for row in body])]


def _line(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell]
    return " ".join(filled[0].split("\n")) if len(filled) == 1 else table_row(filled)


def _header_block(rows: Sequence[Row], header: int, merges: Sequence[Merge]) -> tuple[int, int]:
    """(first index, index after): rows that share a merged cell with the header belong to it."""
    number = rows[header][0]
    shared = [m for m in merges if m.first_row <= number <= m.last_row]
    first = min((m.first_row for m in shared), default=number)
    last = max((m.last_row for m in shared), default=number)
    numbers = [row_number for row_number, _ in rows]
    start = next(i for i, row_number in enumerate(numbers) if row_number >= first or i == header)
    end = next((i for i, n in enumerate(numbers) if i > header and n > last), len(rows))
    units = unit_row([cells for _, cells in rows[header : end + 1]])
    return start, max(end, header + units + 1) if units is not None else end


def _fill_down(rows: Sequence[Row], merges: Sequence[Merge]) -> list[Row]:
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


def _fill_across(rows: Sequence[Row], merges: Sequence[Merge]) -> list[list[str]]:
    """In a header, a cell merged over several columns counts for each of them."""
    if not merges:
        return [cells for _, cells in rows]
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


def _products(
    rows: Sequence[Row], columns: Sequence[Column], fields: dict[str, int], place: str
) -> tuple[list[Product], list[Row]]:
    """The products, and the rows that are none: headings between the rows, remarks below them."""
    products, others = [], []
    for number, cells in rows:
        locator = f"{place} row {number}".strip()
        product = product_from(cells, columns, fields, locator)
        if product is None:
            others.append((number, cells))
        else:
            products.append(product)
    return products, others


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

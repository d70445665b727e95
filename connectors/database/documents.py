"""Rows of a table as Documents: products, a document a row, or a part a row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from connectors.catalog.columns import corrections_of
from connectors.catalog.header import columns_of
from connectors.catalog.mapping import map_columns
from connectors.catalog.product import product_from
from connectors.database.settings import Layout, TableSettings
from connectors.database.values import key_text, value_text
from connectors.item import document_id
from connectors.language import detect
from connectors.markdown_table import table_rows
from connectors.records import Document, Part, Product

FORMAT = "table"
LONG = 200
"""Characters from which a value is prose rather than a cell."""
ROWS_TOGETHER = 256  # in one document, where nothing tells the rows apart
_TITLES = (
    "title subject headline heading question name タイトル 題名 件名 見出し 表題 質問 名称 名前"
).split()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as text."""

    place: str
    """The values of its key, or its number where there is no key."""
    locator: str
    cells: tuple[str, ...]
    binary: tuple[str, ...]
    """Columns whose value in this row is no text."""


def rows_of(values: Iterable[Sequence[Any]], layout: Layout) -> Iterator[TableRow]:
    """Rows of a select of all the layout's columns."""
    key = [layout.columns.index(name) for name in layout.key]
    for number, row in enumerate(values, 1):
        if any(row[i] is None for i in key):
            continue  # the source tells how many there are
        texts = tuple(value_text(value) for value in row)
        pairs = zip(layout.columns, row, texts, strict=True)
        binary = tuple(name for name, value, text in pairs if isinstance(value, bytes) and not text)
        if key:
            place = key_text([row[i] for i in key])
            named = " ".join(f"{layout.columns[i]}={key_text([row[i]])}" for i in key)
        else:
            place = named = str(number)
        yield TableRow(place, f"row {named}", texts, binary)


def documents(
    source: str, table: str, rows: Iterator[TableRow], layout: Layout, settings: TableSettings
) -> Iterator[Document]:
    """Documents with these rows; none for no rows. `source` is the name of the stretch of rows,
    `table` that of its table."""
    if layout.kind == "documents":
        for row in rows:
            name, title = f"{table}/{row.place}", _title(row, layout, settings)
            yield _document(name, title, [row], layout, (_article(row, layout, settings),))
        return
    together = ROWS_TOGETHER if not layout.key else None
    name = source
    while batch := list(islice(rows, together)):
        title = settings.name.rpartition("/")[2]
        if layout.kind == "products":
            parts, products = _products(batch, layout, settings)
        else:
            parts, products = tuple(_row_part(row, layout) for row in batch), ()
        yield _document(name, title, batch, layout, parts, products)
        name = f"{source}#{int(batch[-1].place) + 1}" if together else source


def _document(
    source: str,
    title: str,
    rows: list[TableRow],
    layout: Layout,
    parts: tuple[Part, ...],
    products: tuple[Product, ...] = (),
) -> Document:
    cells = "\n".join("\x1f".join(row.cells) for row in rows)
    sample = "\n".join(text for row in rows[:ROWS_TOGETHER] for text in row.cells)
    binary = Counter(name for row in rows for name in row.binary)
    return Document(
        id=document_id(source),
        source=source,
        title=title,
        language=detect(sample),
        format=FORMAT,
        content_hash=hashlib.sha256(cells.encode("utf-8", "surrogatepass")).hexdigest(),
        parts=tuple(part for part in parts if part.text.strip()),
        products=products,
        notes=(
            *layout.notes,
            *(f"column {name} holds binary data in {n} rows" for name, n in binary.items()),
        ),
    )


def _products(
    rows: list[TableRow], layout: Layout, settings: TableSettings
) -> tuple[tuple[Part, ...], tuple[Product, ...]]:
    """The rows that are products, and the others as parts."""
    columns = map_columns(columns_of([layout.columns]), corrections_of(settings.columns))
    # Keys that are no codes, and times of change, say nothing to somebody who asks.
    inner = {layout.columns.index(name) for name in (*layout.key, settings.updated) if name}
    ignored = columns.ignored | (inner - set(columns.fields.values()))
    columns = replace(columns, ignored=frozenset(ignored))
    found = [(row, product_from(row.cells, columns, row.locator)) for row in rows]
    parts = tuple(_row_part(row, layout) for row, product in found if product is None)
    return parts, tuple(product for _, product in found if product is not None)


def _row_part(row: TableRow, layout: Layout) -> Part:
    filled = [(name, cell) for name, cell in zip(layout.columns, row.cells, strict=True) if cell]
    lines = table_rows([[name for name, _ in filled], [cell for _, cell in filled]])
    return Part(row.locator, "\n".join(lines) + "\n")


def _title(row: TableRow, layout: Layout, settings: TableSettings) -> str:
    column = title_column(layout, settings)
    title = row.cells[layout.columns.index(column)] if column else ""
    return " ".join(title.split()) or f"{settings.name.rpartition('/')[2]} {row.place}"


def title_column(layout: Layout, settings: TableSettings) -> str:
    """The column that names the rows: the owner's, else one with a usual name; empty for none."""
    if settings.title:
        return settings.title
    named = {column.casefold(): column for column in reversed(layout.columns)}
    return next((named[name] for name in _TITLES if name in named), "")


def _article(row: TableRow, layout: Layout, settings: TableSettings) -> Part:
    """The title, short values as a list, long ones and those of `text` as paragraphs."""
    column = title_column(layout, settings)
    short, long = [], []
    for name, cell in zip(layout.columns, row.cells, strict=True):
        if not cell or name == column:
            continue
        if name in settings.text or len(cell) >= LONG or "\n" in cell:
            long.append((name, cell))
        else:
            short.append(f"- {name}: {cell}")
    long.sort(key=lambda pair: settings.text.index(pair[0]) if pair[0] in settings.text else 99)
    blocks = [f"# {_title(row, layout, settings)}"]
    for name, cell in long:
        plain = len(long) == 1 or (name in settings.text and len(settings.text) == 1)
        blocks += [cell] if plain else [f"## {name}", cell]
    blocks += ["\n".join(short)] if short else []
    return Part(row.locator, "\n\n".join(blocks) + "\n")

"""A table, a query, or all the tables of a database as a source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from connectors.catalog.columns import corrections_of, fields_of, is_catalogue
from connectors.database.connection import RowsRefused, connect, parse_url
from connectors.database.documents import LONG
from connectors.database.item import TableItem, stretch
from connectors.database.relation import Key, find_layout, select_rows, table_names
from connectors.database.settings import Kind, Layout, TableSettings
from connectors.database.slices import slices
from connectors.database.values import content, value_text
from connectors.errors import SourceError
from connectors.records import Rejection
from connectors.settings import ReadingSettings, SourceSettings

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_WITHOUT_KEY = 50_000
"""Rows that may be read without a key: they are one item, read again whenever one changes."""
_SAMPLE_ROWS = 100


class TableSource:
    """The rows of one table or query."""

    def __init__(self, settings: TableSettings) -> None:
        self.name = settings.name
        self._settings = settings

    def items(self) -> Iterator[TableItem | Rejection]:
        """Stretches of rows in the order of the key. Their contents are gone through to tell what
        changed (of a table with an `updated` column that and the key only), and not kept."""
        settings = self._settings
        with connect(settings) as connection:
            layout = find_layout(connection, settings)
            layout = replace(layout, kind=_kind(connection, settings, layout))
            found = _keyed if layout.key else _keyless
            yield from found(connection, settings, layout)


class DatabaseSource:
    """All the tables of the address's own schema; views and other schemas are named in bot.toml."""

    def __init__(self, url: str, reading: ReadingSettings) -> None:
        settings = TableSettings("database", url, columns=reading.columns)
        database = _database_name(settings)
        self.name = database
        self._settings = replace(settings, name=database)

    def items(self) -> Iterator[TableItem | Rejection]:
        """The items of every table, in the order of the tables' names."""
        with connect(self._settings) as connection:
            names = table_names(connection)
        for name in names:
            one = replace(self._settings, name=f"{self.name}/{name}", table=name)
            try:
                yield from TableSource(one).items()
            except RowsRefused as error:  # users that read for a bot often may not read all tables
                yield Rejection(one.name, "unreadable", f"{error.what} {error.remedy}")


def open_table(settings: TableSettings) -> TableSource:
    """What `[[sources.tables]]` names. Nothing is connected to before `items()`."""
    return TableSource(settings)


def open_database(spec: str, settings: SourceSettings) -> DatabaseSource:
    """A database by its address."""
    return DatabaseSource(spec, settings.reading)


def _database_name(settings: TableSettings) -> str:
    return PurePath(parse_url(settings).database or "database").name


def _kind(connection: Connection, settings: TableSettings, layout: Layout) -> Kind:
    """What the rows become: told by the names of the columns, then by how long the values are."""
    corrections = corrections_of(settings.columns)
    fields = fields_of(layout.columns, corrections)
    if settings.read_as == "products" and not {"sku", "name"} & fields.keys():
        remedy = "Rename columns by a query: SELECT … AS sku, … AS name, … AS price."
        what = "No column's name says that it holds products' names or codes."
        raise SourceError(what, settings.name, remedy)
    if settings.read_as != "auto":
        return settings.read_as
    if is_catalogue(layout.columns, corrections):
        return "products"
    if settings.title or settings.text:
        return "documents"
    rows = islice(select_rows(connection, settings, layout, layout.columns), _SAMPLE_ROWS)
    longest = [max((len(value_text(value)) for value in row), default=0) for row in rows]
    return "documents" if sum(longest) >= LONG * max(1, len(longest)) else "rows"


def _keyed(
    connection: Connection, settings: TableSettings, layout: Layout
) -> Iterator[TableItem | Rejection]:
    watched = (settings.updated,) if settings.updated else layout.columns
    width = len(layout.key)
    without_key = 0

    def keyed_rows() -> Iterator[tuple[Key, bytes]]:
        nonlocal without_key
        for row in select_rows(connection, settings, layout, [*layout.key, *watched]):
            key = tuple(row[:width])
            if any(value is None for value in key):
                without_key += 1
            else:
                yield key, content(row)

    found = False
    for part in slices(keyed_rows()):
        found = True
        source = f"{settings.name}{stretch(part.start)}"
        stamp = _stamp(settings, layout, part.digest)
        yield TableItem(source, stamp, settings, layout, part.start, part.end)
    if without_key:
        message = f"{without_key} rows have no value in {', '.join(layout.key)}. Fill it."
        yield Rejection(f"{settings.name}#NULL", "unreadable", message)
    elif not found:
        yield _empty(settings)


def _keyless(
    connection: Connection, settings: TableSettings, layout: Layout
) -> Iterator[TableItem | Rejection]:
    digest, count = hashlib.sha256(), 0
    for row in select_rows(connection, settings, layout, layout.columns):
        digest.update(hashlib.sha256(content(row)).digest())
        count += 1
        if count > MOST_WITHOUT_KEY:
            message = f"It has over {MOST_WITHOUT_KEY} rows and no primary key. Name its `key`."
            yield Rejection(settings.name, "too-large", message)
            return
    if count:
        yield TableItem(
            settings.name, _stamp(settings, layout, digest.hexdigest()), settings, layout
        )
    else:
        yield _empty(settings)


def _empty(settings: TableSettings) -> Rejection:
    return Rejection(settings.name, "empty", "It has no rows. Fill it or leave it out.")


def _stamp(settings: TableSettings, layout: Layout, digest: str) -> str:
    """By the rows and by how they are read; the address may change without changing the rows."""
    reading = replace(settings, url="", url_env="")
    return hashlib.sha256(f"{reading!r} {layout!r} {digest}".encode()).hexdigest()

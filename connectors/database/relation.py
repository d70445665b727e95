"""A table or an owner's query as something to select from. Names are quoted by SQLAlchemy."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connectors.database.settings import Layout, TableSettings
from connectors.errors import SourceError

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause, ColumnElement, Connection, FromClause, Row

Key = tuple[Any, ...]
"""The values of a row's key columns."""

_SINGLE_SELECT = re.compile(r"\s*(?:SELECT|WITH)\b[^;]*", re.IGNORECASE)
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")  # what SQLAlchemy takes for one


def find_layout(connection: Connection, settings: TableSettings) -> Layout:
    """Columns and key of the table or query. Raises SourceError where it doesn't have what the
    settings name."""
    layout = _of_query(connection, settings) if settings.query else _of_table(connection, settings)
    asked = [*settings.key, *settings.text, settings.title, settings.updated]
    missing = [name for name in asked if name and name not in layout.columns]
    if missing:
        what = f"It has no column {', '.join(missing)}."
        remedy = f"It has {', '.join(layout.columns)}."
        raise SourceError(what, settings.name, remedy)
    return replace(layout, key=settings.key) if settings.key else layout


def table_names(connection: Connection) -> list[str]:
    """The tables of the address's own schema, without views."""
    from sqlalchemy import inspect

    return sorted(inspect(connection).get_table_names())


def select_rows(
    connection: Connection,
    settings: TableSettings,
    layout: Layout,
    columns: Sequence[str],
    between: tuple[Key | None, Key | None] = (None, None),
) -> Iterator[Row[Any]]:
    """The rows' `columns`, streamed in the order of the key; with keys from the first of
    `between`, and below the second."""
    from sqlalchemy import select

    relation = _relation(settings, layout)
    statement = select(*(relation.c[name] for name in columns))
    start, end = between
    key = [relation.c[name] for name in layout.key]
    if start is not None:
        statement = statement.where(_from(key, start))
    if end is not None:
        statement = statement.where(~_from(key, end))
    yield from connection.execute(statement.order_by(*key))


def _from(key: Sequence[ColumnElement[Any]], values: Key) -> ColumnElement[bool]:
    """key ≥ values, in words that every database knows."""
    from sqlalchemy import and_, or_

    first, value = key[0], values[0]
    beyond: ColumnElement[bool] = first > value
    if len(key) == 1:
        return or_(beyond, first == value)
    return or_(beyond, and_(first == value, _from(key[1:], values[1:])))


def _relation(settings: TableSettings, layout: Layout) -> FromClause:
    # Columns have no types here, so values come as the driver gives them: SQLite's dates and
    # numbers are whatever a program wrote.
    from sqlalchemy import column, table, text

    columns: list[ColumnClause[Any]] = [column(name) for name in layout.columns]
    if settings.query:
        return text(_checked(settings)).columns(*columns).subquery("rows_of_query")
    return table(layout.table, *columns, schema=layout.schema)


def _of_query(connection: Connection, settings: TableSettings) -> Layout:
    from sqlalchemy import false, select, text

    query = text(_checked(settings)).columns().subquery("rows_of_query")
    result = connection.execute(select(text("*")).select_from(query).where(false()))
    columns = tuple(result.keys())
    result.close()
    if len(set(columns)) < len(columns):
        remedy = "Name its columns apart with AS."
        raise SourceError("Two columns of the query have one name.", settings.name, remedy)
    return Layout(columns, ())


def _checked(settings: TableSettings) -> str:
    query = settings.query.strip().removesuffix(";")
    if not _SINGLE_SELECT.fullmatch(query):
        remedy = "Write one SELECT, without `;`."
        raise SourceError("The query is not a single SELECT.", settings.name, remedy)
    return _PARAMETER.sub(r"\\:", query)


def _of_table(connection: Connection, settings: TableSettings) -> Layout:
    from sqlalchemy import LargeBinary, inspect
    from sqlalchemy.exc import SAWarning
    from sqlalchemy.types import BINARY, VARBINARY

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # types that it doesn't know come as text
        inspector = inspect(connection)
        schema, name = None, settings.table
        if "." in name and not inspector.has_table(name):
            schema, _, name = name.partition(".")
        found = inspector.get_columns(name, schema)
        key = inspector.get_pk_constraint(name, schema)["constrained_columns"]
    binary = [c["name"] for c in found if isinstance(c["type"], LargeBinary | BINARY | VARBINARY)]
    left_out = [name for name in binary if name not in key]
    columns = tuple(column["name"] for column in found if column["name"] not in left_out)
    notes = tuple(f"column {name} holds binary data and is left out" for name in left_out)
    return Layout(columns, tuple(key), schema, name, notes=notes)

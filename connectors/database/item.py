"""A stretch of a table's rows as an item of a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.database.connection import connect
from connectors.database.documents import documents, rows_of
from connectors.database.relation import Key, select_rows
from connectors.database.settings import LIBPQ_VARIABLES, Layout, TableSettings
from connectors.database.values import key_text
from connectors.item import Outcome
from connectors.records import Rejection


@dataclass(frozen=True, slots=True)
class TableItem:
    """The rows with keys from `start` on and below `end`, read again from the database."""

    source: str
    stamp: str
    settings: TableSettings
    layout: Layout
    start: Key | None = None
    end: Key | None = None

    @property
    def environment(self) -> tuple[str, ...]:
        """The variables that it needs to reach the database."""
        return (*((self.settings.url_env,) if self.settings.url_env else ()), *LIBPQ_VARIABLES)

    def read(self) -> Iterator[Outcome]:
        """Documents of these rows. Raises SourceError where the database can't be reached: that is
        no fault of the rows."""
        layout = self.layout
        with connect(self.settings) as connection:
            values = select_rows(
                connection, self.settings, layout, layout.columns, (self.start, self.end)
            )
            rows = rows_of(values, layout)
            found = list(documents(self.source, self._table, rows, layout, self.settings))
        yield from found
        if not found:
            message = "Its rows are gone since they were counted. Import again."
            yield Rejection(self.source, "empty", message)

    @property
    def _table(self) -> str:
        """The name without the stretch: a row's own name stays when the stretches change."""
        return self.source.removesuffix(stretch(self.start))


def stretch(start: Key | None) -> str:
    """What is put after a table's name for the rows from a key on."""
    return "" if start is None else f"#{key_text(start)}"

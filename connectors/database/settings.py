"""Which rows of which database are imported, and how."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from connectors.errors import SourceError

LIBPQ_VARIABLES = tuple(
    (
        "PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE PGHOST PGPORT PGUSER PGDATABASE PGSSLMODE "
        "PGSSLROOTCERT PGSSLCERT PGSSLKEY"
    ).split()
)
"""PostgreSQL's own environment variables for who connects to what."""

Kind = Literal["products", "documents", "rows"]


@dataclass(frozen=True, slots=True)
class TableSettings:
    """What bot.toml says of one table or query. It holds no password: `url_env` only names it."""

    name: str
    """Begins the `source` of its documents."""
    url: str = ""
    url_env: str = ""
    """Name of the environment variable that holds the address, where `url` is empty."""
    table: str = ""
    """`table` or `schema.table`; empty for a query."""
    query: str = ""
    key: tuple[str, ...] = ()
    read_as: Literal["auto", "products", "documents", "rows"] = "auto"
    title: str = ""
    text: tuple[str, ...] = ()
    updated: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """What columns of catalogues hold, where bot.toml says it: see `ReadingSettings.columns`."""

    def address(self) -> str:
        """The address; SourceError where the environment has none."""
        address = self.url or os.environ.get(self.url_env, "")
        if not address:
            raise SourceError(
                f"The environment variable {self.url_env} is not set.",
                self.name,
                "Put the database's address into it.",
            )
        return address


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found out about the table when it was opened."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    """Empty where nothing tells the rows apart."""
    schema: str | None = None
    table: str = ""
    kind: Kind = "rows"
    notes: tuple[str, ...] = ()
    """Columns that are left out, and why."""

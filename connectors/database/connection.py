"""A connection that can only read, and whose errors show no address, query or value."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.database.settings import TableSettings
from connectors.database.values import bytes_text
from connectors.errors import SourceError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.exc import SQLAlchemyError

LIMIT_SECONDS = 600
"""Most that one statement may take."""
_CONNECT_SECONDS = 10
_FETCHED = 500  # rows in memory at a time
_PROGRESS_STEPS = 100_000  # of SQLite's machine, between two looks at the clock

_MYSQL_SESSION = (
    "SET SESSION TRANSACTION READ ONLY",
    # MySQL and MariaDB call the limit by different names, and each reads its own comment.
    f"SET SESSION net_write_timeout = {LIMIT_SECONDS} "
    f"/*!50708 , SESSION max_execution_time = {LIMIT_SECONDS * 1000} */ "
    f"/*M!100101 , SESSION max_statement_time = {LIMIT_SECONDS} */",
)
_SESSION = {
    "postgresql": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        f"SET statement_timeout = {LIMIT_SECONDS * 1000}",
    ),
    "mysql": _MYSQL_SESSION,
    "mariadb": _MYSQL_SESSION,
}
"""Backend → what is said to a new session; the others run nothing but our SELECTs either."""
_TIMED_DRIVERS = ("psycopg", "psycopg2", "pymysql", "mysqldb")


class RowsRefused(SourceError):
    """The database answers, but doesn't give these rows."""


@contextmanager
def connect(settings: TableSettings) -> Iterator[Connection]:
    """A read-only transaction that streams its results; it is rolled back at the end.

    Raises SourceError for everything that SQLAlchemy and its drivers raise."""
    _check_installed(settings.name)
    from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

    try:
        with _engine(settings).connect() as connection:
            yield connection.execution_options(stream_results=True, yield_per=_FETCHED)
    except NoSuchModuleError as exc:
        what = "SQLAlchemy has no driver for such a database."
        raise SourceError(what, settings.name, "Install its SQLAlchemy dialect.") from exc
    except ImportError as exc:
        remedy = 'Install it; for PostgreSQL: pip install "monoshiri[database]".'
        raise SourceError("The database's driver is missing.", settings.name, remedy) from exc
    except SQLAlchemyError as exc:
        raise _translated(exc, settings.name) from exc


def _engine(settings: TableSettings) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    url = parse_url(settings)
    backend = url.get_backend_name()
    if backend == "sqlite":
        opener = partial(_open_sqlite, url.database or "", settings.name)
        return create_engine("sqlite://", creator=opener, poolclass=NullPool, hide_parameters=True)
    timed = url.get_driver_name() in _TIMED_DRIVERS
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS} if timed else {},
    )
    event.listen(engine, "connect", partial(_begin_session, _SESSION.get(backend, ())))
    return engine


def parse_url(settings: TableSettings) -> URL:
    """The database's address, without a password where bot.toml holds it."""
    _check_installed(settings.name)
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.address())
    except (ArgumentError, ValueError):
        remedy = "Its form is postgresql+psycopg://user@host/database or sqlite:///shop.db."
        raise SourceError("The database's address is not valid.", settings.name, remedy) from None
    if settings.url and url.password:
        remedy = "Put the address into an environment variable and name that by `url_env`."
        raise SourceError("Its address holds a password.", settings.name, remedy)
    return url


def _check_installed(name: str) -> None:
    try:
        import sqlalchemy  # noqa: F401
    except ImportError as exc:
        remedy = 'Install it: pip install "monoshiri[database]".'
        raise SourceError("Databases need SQLAlchemy.", name, remedy) from exc


def _begin_session(statements: tuple[str, ...], connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    connection.commit()


def _open_sqlite(database: str, name: str) -> sqlite3.Connection:
    path = Path(database).expanduser()
    if not path.is_file():
        raise SourceError("There is no such database file.", name, "Check the path.")
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro",
        uri=True,
        timeout=_CONNECT_SECONDS,
        check_same_thread=False,
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from elsewhere
    connection.text_factory = bytes_text  # old programs wrote Shift_JIS
    deadline = time.monotonic() + LIMIT_SECONDS
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _PROGRESS_STEPS)
    return connection


def _translated(error: SQLAlchemyError, name: str) -> SourceError:
    from sqlalchemy.exc import DBAPIError, InterfaceError, NoSuchTableError, OperationalError

    if isinstance(error, NoSuchTableError):
        return RowsRefused("There is no such table.", name, "Check `table` in bot.toml.")
    kind = type(error).__name__
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    detail = f"{kind}, SQLSTATE {state}" if state else kind
    if isinstance(error, OperationalError | InterfaceError):
        what = f"The database can't be reached, or it broke off ({detail})."
        return SourceError(what, name, "Check that it runs, and the user's name and password.")
    what = f"The database refused to give the rows ({detail})."
    return RowsRefused(what, name, "Check the names of table and columns, the query and rights.")

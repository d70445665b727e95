"""The chat store: conversations, turns and ratings in the bot's SQLite file.

Every method that reads or writes a conversation takes the user and reaches only what that user
owns; somebody else's conversation answers exactly like one that does not exist. Several threads
and processes may write at once: each call opens its own connection, and each write is one
immediate transaction.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from builder.errors import WorkspaceError
from builder.jsonl import from_line, to_line
from builder.records import Answer
from connectors.errors import MonoshiriError

Rating = Literal[-1, 0, 1]

SCHEMA_VERSION = 1
BUSY_SECONDS = 30.0
MOST_TITLE = 80
MOST_COMMENT = 2000

SCHEMA = (
    """CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        user TEXT NOT NULL,
        title TEXT NOT NULL,
        created TEXT NOT NULL
    )""",
    "CREATE INDEX conversations_of_user ON conversations (user, created)",
    """CREATE TABLE turns (
        id TEXT PRIMARY KEY,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        created TEXT NOT NULL,
        rating INTEGER NOT NULL DEFAULT 0 CHECK (rating IN (-1, 0, 1)),
        comment TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX turns_of_conversation ON turns (conversation_id)",
)

TURN_COLUMNS = (
    "turns.id, turns.conversation_id, turns.question, turns.answer, turns.created, "
    "turns.rating, turns.comment"
)


class NoSuchChat(MonoshiriError):
    """The conversation or turn does not exist, or belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One user's chat. `created` is ISO 8601 in UTC."""

    id: str
    title: str
    user: str
    created: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question, what the bot answered, and what the user thought of it."""

    id: str
    conversation_id: str
    question: str
    answer: Answer
    created: str
    rating: Rating = 0
    comment: str = ""


class ChatStore:
    """Chats in one SQLite file, which is made when it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._connection() as connection:
            _prepare(connection, path)

    def new_conversation(self, user: str, title: str) -> Conversation:
        """Start a conversation that `user` owns."""
        made = Conversation(str(uuid.uuid4()), _title(title), user, _now())
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversations (id, title, user, created) VALUES (?, ?, ?, ?)",
                (made.id, made.title, made.user, made.created),
            )
        return made

    def conversations(self, user: str) -> list[Conversation]:
        """The user's conversations, newest first."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, title, user, created FROM conversations WHERE user = ? "
                "ORDER BY created DESC, rowid DESC",
                (user,),
            ).fetchall()
        return [Conversation(*row) for row in rows]

    def turns(self, conversation_id: str, user: str) -> list[StoredTurn]:
        """The turns of the user's conversation, oldest first. Raises NoSuchChat."""
        with self._connection() as connection:
            _require_owner(connection, conversation_id, user)
            rows = connection.execute(
                f"SELECT {TURN_COLUMNS} FROM turns WHERE conversation_id = ? "  # noqa: S608
                "ORDER BY created, rowid",
                (conversation_id,),
            ).fetchall()
        return [_turn(row, self.path) for row in rows]

    def add_turn(self, conversation_id: str, user: str, answer: Answer) -> StoredTurn:
        """Append an answer, with its question, to the user's conversation. Raises NoSuchChat."""
        turn_id, created = str(uuid.uuid4()), _now()
        line = _clean(to_line(answer))
        with self._writing() as connection:
            _require_owner(connection, conversation_id, user)
            connection.execute(
                "INSERT INTO turns (id, conversation_id, question, answer, created) "
                "VALUES (?, ?, ?, ?, ?)",
                (turn_id, conversation_id, _clean(answer.question), line, created),
            )
        return StoredTurn(turn_id, conversation_id, _clean(answer.question), answer, created)

    def rate(self, turn_id: str, user: str, rating: Rating, comment: str = "") -> None:
        """Set the rating and comment of a turn in one of the user's conversations.

        Rating 0 takes a rating back. Raises NoSuchChat.
        """
        with self._writing() as connection:
            done = connection.execute(
                "UPDATE turns SET rating = ?, comment = ? WHERE id = ? AND conversation_id IN "
                "(SELECT id FROM conversations WHERE user = ?)",
                (rating, _clean(comment)[:MOST_COMMENT], turn_id, user),
            )
            if done.rowcount == 0:
                raise _missing("answer", turn_id)

    def rename_conversation(self, conversation_id: str, user: str, title: str) -> None:
        """Give the user's conversation another title. Raises NoSuchChat."""
        with self._writing() as connection:
            done = connection.execute(
                "UPDATE conversations SET title = ? WHERE id = ? AND user = ?",
                (_title(title), conversation_id, user),
            )
            if done.rowcount == 0:
                raise _missing("conversation", conversation_id)

    def delete_conversation(self, conversation_id: str, user: str) -> None:
        """Delete the user's conversation with its turns and ratings. Raises NoSuchChat."""
        with self._writing() as connection:
            done = connection.execute(
                "DELETE FROM conversations WHERE id = ? AND user = ?", (conversation_id, user)
            )
            if done.rowcount == 0:
                raise _missing("conversation", conversation_id)

    def feedback(self) -> Iterator[StoredTurn]:
        """Every rated turn of every user, oldest first and without the user's name: for the
        owner's review and for later training, never for a screen that users see."""
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT {TURN_COLUMNS} FROM turns WHERE rating != 0 "  # noqa: S608
                "ORDER BY created, rowid"
            ).fetchall()
        for row in rows:
            yield _turn(row, self.path)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, so that no thread shares one; SQLite's errors translated."""
        try:
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            with contextlib.closing(connection):
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")  # deleted chats leave no bytes
                yield connection
        except sqlite3.Error as exc:
            raise WorkspaceError(
                f"the chat store can't be used ({exc}).",
                str(self.path),
                "Check that the folder is writable, or move the file away to start a new one.",
            ) from exc

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that takes the write lock at once: a read that is upgraded later could
        fail with `database is locked` in spite of the busy timeout."""
        with self._connection() as connection, _transaction(connection):
            yield connection


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; refuse, untouched, a file of a newer Monoshiri."""
    version = _version(connection)
    if version > SCHEMA_VERSION:
        raise WorkspaceError(
            f"the chats were written by a newer Monoshiri (format {version}; this one reads "
            f"up to {SCHEMA_VERSION}).",
            str(path),
            "Update Monoshiri.",
        )
    if version == SCHEMA_VERSION:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    with _transaction(connection):
        if _version(connection) == 0:  # else another process has made the tables meanwhile
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _require_owner(connection: sqlite3.Connection, conversation_id: str, user: str) -> None:
    found = connection.execute(
        "SELECT 1 FROM conversations WHERE id = ? AND user = ?", (conversation_id, user)
    ).fetchone()
    if found is None:
        raise _missing("conversation", conversation_id)


def _missing(what: str, item: str) -> NoSuchChat:
    # One wording for "not there" and "not yours": the difference would tell what others have.
    return NoSuchChat(f"there is no such {what}.", item, "Choose one from your list.")


def _turn(row: tuple[str, str, str, str, str, Rating, str], path: Path) -> StoredTurn:
    turn_id, conversation_id, question, line, created, rating, comment = row
    try:
        answer = from_line(Answer, line)
    except ValueError as exc:
        raise WorkspaceError(
            f"the stored answer {turn_id} can't be read.",
            str(path),
            "Delete its conversation, or move the file away to start a new one.",
        ) from exc
    return StoredTurn(turn_id, conversation_id, question, answer, created, rating, comment)


def _title(title: str) -> str:
    return " ".join(_clean(title).split())[:MOST_TITLE] or "…"


def _clean(text: str) -> str:
    """Text that SQLite can store: lone surrogates, which broken documents hold, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")

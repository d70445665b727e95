"""`notes:///path/to/notes.db`: every row of the table `note` is a document.

The table is made by `CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT, body TEXT,
changed TEXT)`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors.errors import SourceError
from connectors.item import Outcome, document_id
from connectors.language import detect
from connectors.records import Document, Part, Rejection
from connectors.settings import SourceSettings


def open_notes(spec: str, settings: SourceSettings) -> NotesSource:  # noqa: ARG001
    """What the entry point names: (what the user wrote, the limits of bot.toml) → a source."""
    return NotesSource(Path(unquote(urlsplit(spec).path)))


class NotesSource:
    """The notes of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        if not path.is_file():
            raise SourceError("There is no such file.", str(path), "Check the path.")

    def items(self) -> Iterator[NoteItem | Rejection]:
        """One a note, without its text: what hasn't changed is not read again."""
        try:
            with closing(_connect(self.path)) as notes:
                rows = notes.execute("SELECT id, changed FROM note ORDER BY id").fetchall()
        except sqlite3.Error as exc:
            raise SourceError("It can't be read.", str(self.path), "Is it a notes file?") from exc
        for number, changed in rows:
            yield NoteItem(f"{self.name}/{number}", str(changed), self.path, number)


@dataclass(frozen=True, slots=True)
class NoteItem:
    """A note that can be read. It is sent to another process: it holds a path, no connection."""

    source: str
    stamp: str
    path: Path
    number: int

    def read(self) -> Iterator[Outcome]:
        """One document; a note without text is rejected, with a reason."""
        with closing(_connect(self.path)) as notes:
            row = notes.execute("SELECT title, body FROM note WHERE id = ?", (self.number,))
            title, body = row.fetchone() or ("", "")
        if not (body or "").strip():
            yield Rejection(self.source, "no-text", "The note is empty. Write it or delete it.")
            return
        text = f"# {title}\n\n{body}\n"
        yield Document(
            id=document_id(self.source),
            source=self.source,
            title=title,
            language=detect(text),
            format="md",
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
            parts=(Part("", text),),
        )


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)

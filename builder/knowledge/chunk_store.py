"""The chunks by id, on disk: a question reads the few that it needs.

A SQLite file beside `chunks.jsonl`, replaced as a whole; who has the old one open goes on seeing
the old chunks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from builder.errors import WorkspaceError
from builder.jsonl import from_line, record_of
from builder.records import Chunk
from connectors.scratch import Scratch

_SCHEMA = """
CREATE TABLE made_from (hash TEXT);
CREATE TABLE readers (number INTEGER PRIMARY KEY, names TEXT);
CREATE TABLE chunks (place INTEGER PRIMARY KEY, id TEXT, readers INTEGER, record BLOB);
"""
_BEFORE = (
    "SELECT record FROM chunks WHERE place < (SELECT place FROM chunks WHERE id = ?)"
    " ORDER BY place DESC LIMIT 1"
)
_AFTER = (
    "SELECT record FROM chunks WHERE place > (SELECT place FROM chunks WHERE id = ?)"
    " ORDER BY place LIMIT 1"
)
_REMEMBERED = 100_000  # chunks of which a `Readable` remembers whether the asker may read them


def store_file(chunks_file: Path) -> Path:
    """Where the store of a file of chunks lies."""
    return chunks_file.with_suffix(".db")


def update(chunks_file: Path) -> None:
    """Make the store hold what the file of chunks does, where it doesn't yet."""
    path = store_file(chunks_file)
    if _is_current(path, chunks_file):
        return
    with contextlib.closing(Scratch("chunks", path.parent)) as scratch:
        fresh = scratch.path / path.name
        _build(fresh, chunks_file)
        fresh.replace(path)


def _is_current(path: Path, chunks_file: Path) -> bool:
    if not path.exists():
        return False
    if path.stat().st_mtime_ns >= chunks_file.stat().st_mtime_ns:
        return True
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        (made_from,) = db.execute("SELECT hash FROM made_from").fetchone()
    return bool(made_from == _hash(chunks_file))  # copied, say


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _build(path: Path, chunks_file: Path) -> None:
    digest = hashlib.sha256()
    numbers: dict[str, int] = {}

    def rows() -> Iterator[tuple[int, str, int, bytes]]:
        with chunks_file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                digest.update(line)
                if line.strip():
                    chunk = record_of(Chunk, line, number, chunks_file)
                    names = json.dumps(sorted(set(chunk.groups)), ensure_ascii=False)
                    yield number, chunk.id, numbers.setdefault(names, len(numbers)), line.strip()

    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.executescript(_SCHEMA)
        db.executemany("INSERT INTO chunks VALUES (?, ?, ?, ?)", rows())
        db.execute("CREATE UNIQUE INDEX by_id ON chunks (id)")
        db.executemany("INSERT INTO readers VALUES (?, ?)", [(n, t) for t, n in numbers.items()])
        db.execute("INSERT INTO made_from VALUES (?)", (digest.hexdigest(),))


class ChunkStore:
    """Reads chunks; may be used by several threads."""

    def __init__(self, chunks_file: Path) -> None:
        """Where the store isn't what the file of chunks is (an import is under way, or was killed),
        one is made for this reader alone: what the file has no more is never returned."""
        path = store_file(chunks_file)
        self._lock = threading.Lock()
        try:
            if _is_current(path, chunks_file):
                self._db = _opened(path)
            else:
                with contextlib.closing(Scratch("chunks")) as scratch:
                    own = scratch.path / path.name
                    _build(own, chunks_file)
                    self._db = _opened(own)
            rows = self._all("SELECT number, names FROM readers")
        except sqlite3.Error as exc:
            raise WorkspaceError(
                f"the store of the chunks can't be read ({exc}).",
                str(path),
                "Delete it and run `monoshiri index`.",
            ) from exc
        self._readers = {number: frozenset(json.loads(names)) for number, names in rows}
        self.groups: frozenset[str] = frozenset().union(*self._readers.values())

    def get(self, chunk_id: str) -> Chunk | None:
        """The chunk of that id; None where the bot has none."""
        rows = self._all("SELECT record FROM chunks WHERE id = ?", chunk_id)
        return from_line(Chunk, rows[0][0]) if rows else None

    def beside(self, chunk_id: str) -> tuple[Chunk | None, Chunk | None]:
        """The chunks before and after it in the file."""
        return self._neighbour(_BEFORE, chunk_id), self._neighbour(_AFTER, chunk_id)

    def _neighbour(self, query: str, chunk_id: str) -> Chunk | None:
        rows = self._all(query, chunk_id)
        return from_line(Chunk, rows[0][0]) if rows else None

    def readers_of(self, chunk_id: str) -> frozenset[str] | None:
        """Groups that may read it, empty for everybody; None where the bot has no such chunk."""
        rows = self._all("SELECT readers FROM chunks WHERE id = ?", chunk_id)
        return self._readers[rows[0][0]] if rows else None

    def __iter__(self) -> Iterator[Chunk]:
        """All chunks, in the order of the file."""
        after = -1
        while rows := self._all(
            "SELECT place, record FROM chunks WHERE place > ? ORDER BY place LIMIT 500", after
        ):
            yield from (from_line(Chunk, record) for _, record in rows)
            after = rows[-1][0]

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()

    def _all(self, query: str, *values: str | int) -> list[Any]:
        with self._lock:
            rows: list[Any] = self._db.execute(query, values).fetchall()
        return rows


def _opened(path: Path) -> sqlite3.Connection:
    """`immutable`: the file is replaced, never changed, so nothing is locked."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


class Readable:
    """The ids of the chunks that somebody in these groups may read, asked one by one."""

    def __init__(self, store: ChunkStore, groups: Iterable[str]) -> None:
        self._store, self._groups = store, frozenset(groups)
        self._known: dict[str, bool] = {}

    def __contains__(self, chunk_id: object) -> bool:
        key = str(chunk_id)
        if (known := self._known.get(key)) is not None:
            return known
        readers = self._store.readers_of(key)
        may = readers is not None and (not readers or bool(readers & self._groups))
        if len(self._known) < _REMEMBERED:
            self._known[key] = may
        return may

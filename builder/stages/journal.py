"""The journal of an import that is under way: what was read already, should the run be killed.

documents/journal.jsonl: the lines of an item's documents, then its record. A record that is there
whole says that the lines before it are whole. The journal is removed when the import is complete.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from builder.stages.ledger import Record, from_json, to_json

RECORD = b'{"item"'  # documents begin with another key
FLUSH_SECONDS = 1.0  # a kill loses what was read since


@dataclass(frozen=True, slots=True)
class Entry:
    """An item that was read, and where the first of its documents' lines stands."""

    record: Record
    place: int
    """Bytes from the journal's beginning."""


class Journal:
    """Append-only while the import reads, then read from; a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = path.open("a+b")
        self._end = 0
        self._flushed = 0.0
        self.entries = self._load()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _load(self) -> dict[str, Entry]:
        """Item → entry, as far as the journal is whole; the rest is cut off."""
        entries: dict[str, Entry] = {}
        self._file.seek(0)
        at = 0
        for line in self._file:
            at += len(line)
            if not line.startswith(RECORD):
                continue
            try:
                record = from_json(line)
            except (ValueError, TypeError, KeyError, AttributeError):
                break
            if not line.endswith(b"\n"):
                break
            entries[record.item] = Entry(record, self._end)
            self._end = at
        os.truncate(self.path, self._end)
        return entries

    def add(self, record: Record, lines: Sequence[bytes]) -> Entry:
        """Note what became of an item."""
        entry = Entry(record, self._end)
        data = b"".join((*lines, to_json(record).encode()))
        self._file.write(data)
        if time.monotonic() - self._flushed > FLUSH_SECONDS:
            self._file.flush()
            self._flushed = time.monotonic()
        self._end += len(data)
        self.entries[record.item] = entry
        return entry

    def lines(self, entry: Entry) -> bytes:
        """The lines of the item's documents."""
        self._file.seek(entry.place)
        return self._file.read(sum(written.length for written in entry.record.documents))

    def remove(self) -> None:
        """The import is complete, or there is nothing to keep."""
        self._file.close()
        self.path.unlink(missing_ok=True)

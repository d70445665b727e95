"""A page of a website as an item: read from the cache folder like any file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from connectors.item import FileItem, Outcome
from connectors.records import Document
from connectors.settings import DEFAULT_READING, ReadingSettings


@dataclass(frozen=True, slots=True)
class PageItem:
    """What was fetched from one address."""

    source: str
    """The address."""
    path: Path
    """The file with the body."""
    digest: str
    note: str = ""
    """What the owner should know: that the page could not be had this time."""
    settings: ReadingSettings = DEFAULT_READING

    @property
    def stamp(self) -> str:
        """By content."""
        return f"{self.digest} {self.note}".strip()

    @property
    def environment(self) -> tuple[str, ...]:
        """Names of the environment variables that its reader has to know."""
        return self.settings.environment

    def read(self) -> Iterator[Outcome]:
        """What the reader for its format makes of it, titled by its address where it has none."""
        status = self.path.stat()
        file = FileItem(self.source, self.path, status.st_size, status.st_mtime_ns, self.settings)
        for outcome in file.read():
            if not isinstance(outcome, Document) or outcome.source != self.source:
                yield outcome
                continue
            is_untitled = outcome.title == Path(self.source).stem
            yield dataclasses.replace(
                outcome,
                title=_title(self.source) if is_untitled else outcome.title,
                notes=(*outcome.notes, self.note) if self.note else outcome.notes,
            )


def _title(url: str) -> str:
    """The last name in the path, else the host."""
    parts = urlsplit(url)
    return PurePosixPath(unquote(parts.path)).stem or parts.hostname or url

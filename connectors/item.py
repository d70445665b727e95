"""What a source offers for import, and how it becomes Documents and Rejections."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from connectors.attachments import Unpacking
from connectors.faults import fault
from connectors.language import detect
from connectors.readers import reader_for
from connectors.reading import Attachment, InputFile, Reading
from connectors.records import Document, Rejection
from connectors.settings import DEFAULT_READING, ReadingSettings

_LANGUAGE_SAMPLE = 20_000  # characters


Outcome = Document | Rejection


class Item(Protocol):
    """Something to import: a file, a page, a stretch of a table. Items are frozen dataclasses,
    since they are sent to a worker process, which reads them. That process has no secrets of the
    environment: an item that needs some names the variables in `environment: tuple[str, ...]`."""

    @property
    def source(self) -> str:
        """The name under which the owner knows it, unique among the bot's items."""

    @property
    def stamp(self) -> str:
        """Tells whether it may have changed since the last import: equal stamp, equal content."""

    def read(self) -> Iterator[Outcome]:
        """What becomes of it; at least one outcome. Faults of the item are Rejections."""


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file on this disk that a source offers for import."""

    source: str
    """Path relative to the source's root with `/`, in Unicode NFC; see `Document.source`."""
    path: Path
    size: int
    """Bytes."""
    mtime_ns: int
    settings: ReadingSettings = DEFAULT_READING
    passed_over: tuple[Rejection, ...] = ()
    """Files inside it that a worker was lost with; they are not read again."""

    @property
    def stamp(self) -> str:
        """By place, size and time of change."""
        return f"{self.path} {self.size} {self.mtime_ns}"

    @property
    def environment(self) -> tuple[str, ...]:
        """Names of the environment variables that its reader has to know."""
        return self.settings.environment

    def read(self) -> Iterator[Outcome]:
        """The file itself where it has text, then every file inside it."""
        with Unpacking(self.size, self.settings, self.passed_over) as unpacking:
            yield from _outcomes(self, unpacking)


def renamed(item: Item | Rejection, source: str) -> Item | Rejection:
    """The item under another name."""
    if item.source == source:
        return item
    return dataclasses.replace(item, source=source)  # type: ignore[type-var]


def document_id(source: str) -> str:
    """16 hex digits that stay the same for a source path, whatever its content."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def content_hash(path: Path) -> str:
    """SHA-256 (hex) of the file's bytes, read in pieces. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_file(item: FileItem) -> Outcome:
    """The file itself, without the files inside it."""
    outcome, _ = _open(item)
    return outcome


def _outcomes(item: FileItem, unpacking: Unpacking, depth: int = 1) -> Iterator[Outcome]:
    """The file itself, then the files inside it, of which `depth` files are around."""
    outcome, attachments = _open(item)
    if not attachments or isinstance(outcome, Document):
        yield outcome
    for inner in unpacking.members(item.source, attachments, depth):
        if isinstance(inner, Rejection):
            yield inner
        else:
            file = FileItem(inner.source, inner.path, 0, 0, item.settings)
            yield from _outcomes(file, unpacking, depth + 1)


def _open(item: FileItem) -> tuple[Outcome, Iterable[Attachment]]:
    """What becomes of the file itself, and the files inside it. What is wrong with the file is a
    Rejection, with no content of it."""
    try:
        digest = content_hash(item.path)
        reading = reader_for(item.path)(InputFile(item.path, item.settings))
    except Exception as exc:
        return fault(item.source, exc), ()
    if not reading.products and not any(part.text.strip() for part in reading.parts):
        message = "There is no text in it. Leave it out or fill it."
        return Rejection(item.source, "no-text", message), reading.attachments
    return _document(item, digest, reading), reading.attachments


def _document(item: FileItem, digest: str, reading: Reading) -> Document:
    return Document(
        id=document_id(item.source),
        source=item.source,
        title=reading.title or PurePosixPath(item.source).stem,
        language=detect(_sample(reading)),
        format=item.path.suffix.lower().lstrip("."),
        content_hash=digest,
        parts=tuple(part for part in reading.parts if part.text.strip()),
        products=reading.products,
        notes=reading.notes,
    )


def _sample(reading: Reading) -> str:
    """Text to tell the language from: all parts, then the cells of products with their headings."""
    pieces: list[str] = []
    length = 0
    for part in reading.parts:
        pieces.append(part.text)
        length += len(part.text)
        if length >= _LANGUAGE_SAMPLE:
            return "\n".join(pieces)
    for product in reading.products:
        cells = "\n".join(f"{name} {value}" for name, value in product.cells)
        pieces.append(cells)
        length += len(cells)
        if length >= _LANGUAGE_SAMPLE:
            break
    return "\n".join(pieces)

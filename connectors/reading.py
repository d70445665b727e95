"""What a format's reader is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from connectors.records import Part, Product
from connectors.settings import DEFAULT_READING, ReadingSettings


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file on this disk and how to read it. Its suffix tells the format."""

    path: Path
    settings: ReadingSettings = DEFAULT_READING


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside another one: a member of an archive, an attachment of a mail."""

    name: str
    """Its path inside the file that holds it, with `/`; hostile until shown otherwise."""
    content: bytes | Callable[[], BinaryIO]
    """Its bytes; or what opens them, so that no two members are in memory together. Opening raises
    `UnreadableFile` for what can't be read, with reason `ignored` for what nobody misses."""

    def open(self) -> BinaryIO:
        """The content, to be closed by the caller."""
        return BytesIO(self.content) if isinstance(self.content, bytes) else self.content()


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one file, before it becomes a `Document` with an id and a language."""

    title: str
    """The title that the file itself states; empty where it states none."""
    parts: tuple[Part, ...]
    products: tuple[Product, ...] = ()
    notes: tuple[str, ...] = ()
    """Things the owner should know, as in `Document.notes`."""
    attachments: Iterable[Attachment] = ()
    """Files inside this one; each becomes a document of its own. Gone through once, after the file
    itself: a generator may hold the file open meanwhile. Where there are some, the file itself need
    have no text."""

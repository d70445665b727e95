"""What the last import knew of every item: documents/items.jsonl, in the documents' order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from builder.jsonl import to_line
from builder.stages.sidecar import replace_both, replace_small, rows_of
from builder.workspace import Workspace
from connectors.item import Item
from connectors.readers import recipe_of
from connectors.records import Rejection
from connectors.settings import ReadingSettings

RECIPE = 1  # raise it when the lines of documents.jsonl change, so that everything is read anew
TRIED_AGAIN = frozenset({"unreadable", "encrypted"})
"""Reasons that may pass though the file stays as it is: permissions, passwords."""
LIMITED = frozenset({"timeout", "too-large", "broken"})
"""Reasons that other limits on time and memory may end."""


HOLDERS = (".eml", ".mbox", ".msg", ".zip")  # formats with files inside
SCANS = (*HOLDERS, ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
CONCERNS = {
    "max_bytes": HOLDERS,
    "ignore": HOLDERS,
    "pdf_password_env": SCANS,
    "ocr": SCANS,
    "ocr_seconds": SCANS,
    "ocr_installed": SCANS,
}
"""Setting → suffixes that it concerns; one that isn't named concerns all."""


@dataclass(frozen=True, slots=True)
class Written:
    """One document of an item: a line of documents.jsonl."""

    source: str
    content: str
    """`Document.content_hash`."""
    line: str
    """Hash of the line: equal where everything after the import may stay as it is."""
    length: int
    """Bytes of the line with its end."""


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one item when it was read."""

    item: str
    """`Item.source`."""
    stamp: str
    origin: str
    """Name of the source that it came from."""
    reading: str
    """How it was read, see `reading_of`."""
    documents: tuple[Written, ...] = ()
    rejections: tuple[Rejection, ...] = ()


Ledger = dict[str, Record]
"""Item → its record, in the order of documents.jsonl."""


@dataclass(frozen=True, slots=True)
class Known:
    """The ledger of the documents that are there."""

    records: Ledger
    digest: str
    """SHA-256 (hex) of documents.jsonl."""


def reading_of(item: Item, limits: str, reasons: Iterable[str] = ()) -> str:
    """What decides, besides its content, what becomes of an item: reader, settings, and for items
    that failed the limits. Passwords are left out: no hash of them is kept."""
    suffix = PurePath(item.source).suffix.lower()
    settings = _concerning(suffix, getattr(item, "settings", None))
    parts = [RECIPE, recipe_of(item.source), settings]
    if LIMITED.intersection(reasons):
        parts.append(limits)
    return " ".join(str(part) for part in parts)


@lru_cache(maxsize=256)
def _concerning(suffix: str, settings: object) -> str:
    """The settings that decide how an item with that suffix is read."""
    if not isinstance(settings, ReadingSettings):
        return repr(settings)
    names = [field.name for field in fields(settings)]
    return " ".join(
        f"{name}={getattr(settings, name)!r}"
        for name in names
        if suffix in CONCERNS.get(name, (suffix,))
    )


def is_current(record: Record, item: Item, limits: str) -> bool:
    """Whether reading the item again would give the same."""
    reasons = [rejection.reason for rejection in record.rejections]
    return (
        record.stamp == item.stamp
        and not TRIED_AGAIN.intersection(reasons)
        and record.reading == reading_of(item, limits, reasons)
    )


def to_json(record: Record) -> str:
    """The record as a line; it begins with `{"item"`."""
    return to_line(record) + "\n"


def from_json(line: bytes) -> Record:
    """Raises ValueError, TypeError or KeyError for what is no record."""
    value: dict[str, Any] = json.loads(line)
    documents = tuple(Written(**written) for written in value.pop("documents"))
    rejections = tuple(Rejection(**rejection) for rejection in value.pop("rejections"))
    return Record(**value, documents=documents, rejections=rejections)


def ledger_path(workspace: Workspace) -> Path:
    """Where the ledger is."""
    return workspace.documents.with_name("items.jsonl")


def load(workspace: Workspace) -> Known:
    """The ledger of the documents that are there; empty where there is none, or it is damaged."""
    digest, rows = rows_of(workspace.documents, ledger_path(workspace))
    try:
        return Known({record.item: record for record in map(from_json, rows)}, digest)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Known({}, "")


def replace_documents(
    workspace: Workspace, records: Iterable[Record], lines: Iterator[bytes]
) -> None:
    """Put new documents and their ledger in place of the old ones."""
    replace_both(workspace.documents, lines, ledger_path(workspace), lambda: map(to_json, records))


def replace_ledger(workspace: Workspace, records: Iterable[Record], digest: str) -> None:
    """Put a new ledger beside the same documents."""
    replace_small(ledger_path(workspace), digest, map(to_json, records))

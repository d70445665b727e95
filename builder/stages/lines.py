"""In the worker process: an item → its documents as lines of documents.jsonl, and Rejections."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from builder.jsonl import to_line
from builder.stages.ledger import Written
from connectors.item import Item
from connectors.qa.pairs import WITH_ANSWERS
from connectors.records import Document, Rejection

READ_LINES = "builder.stages.lines:read_lines"
_MOST_TOLD = 4  # notes of one document


@dataclass(frozen=True, slots=True)
class Line:
    """A document, written out."""

    written: Written
    text: bytes
    told: tuple[str, ...] = ()
    """What the owner should see at once: which column was read as what."""


def read_lines(item: Item) -> Iterator[Line | Rejection]:
    """Writing documents out is half of the work, so the worker processes do that too."""
    for outcome in item.read():
        if isinstance(outcome, Rejection):
            yield outcome
            continue
        text = (to_line(outcome) + "\n").encode()
        written = Written(outcome.source, outcome.content_hash, line_hash(text), len(text))
        yield Line(written, text, _told(outcome))


def _told(document: Document) -> tuple[str, ...]:
    """How a catalogue or a list of questions was understood; notes of other documents stay in
    documents.jsonl."""
    notes = [note for note in document.notes if document.products or WITH_ANSWERS in note]
    more = len(notes) - _MOST_TOLD
    if more > 0:
        notes = [*notes[:_MOST_TOLD], f"{more} more notes in documents.jsonl"]
    return tuple(f"{document.source}: {note}" for note in notes)


def line_hash(line: bytes) -> str:
    """32 hex digits that tell two lines apart."""
    return hashlib.blake2b(line, digest_size=16).hexdigest()

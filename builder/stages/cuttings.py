"""Which lines of chunks.jsonl were cut from which line of documents.jsonl: chunks/cut.jsonl."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from builder.jsonl import from_object
from builder.stages.sidecar import rows_of
from builder.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Cutting:
    """The chunks of one document, as they stand in chunks.jsonl."""

    document: str
    """Hash of the document's line."""
    length: int
    """Bytes of the chunks' lines."""
    chunks: int
    rules: tuple[int, ...] = ()
    """Places of the access rules that the document falls under."""
    rejected: str = ""
    """Why the document has no chunks."""
    personal: tuple[tuple[str, int], ...] = ()
    """Kind of personal data → how often it was found."""
    withheld: int = 0
    """Chunks left out for personal data."""


def cuttings_path(workspace: Workspace) -> Path:
    """Where they are kept."""
    return workspace.chunks.with_name("cut.jsonl")


def rows(settings: str, cuttings: list[Cutting]) -> list[str]:
    """First what decided how they were cut, then a line a document."""
    return [json.dumps(settings) + "\n", *(json.dumps(astuple(cut)) + "\n" for cut in cuttings)]


def reusable(workspace: Workspace, settings: str) -> dict[str, tuple[int, Cutting]]:
    """Hash of a document's line → where its chunks begin in chunks.jsonl, and the cutting; empty
    where they were cut under other settings."""
    _, lines = rows_of(workspace.chunks, cuttings_path(workspace))
    try:
        if not lines or json.loads(lines[0]) != settings:
            return {}
        found: dict[str, tuple[int, Cutting]] = {}
        names = [field.name for field in fields(Cutting)]
        at = 0
        for line in lines[1:]:
            cutting = from_object(Cutting, dict(zip(names, json.loads(line), strict=True)))
            found[cutting.document] = (at, cutting)
            at += cutting.length
        return found
    except (ValueError, TypeError):
        return {}

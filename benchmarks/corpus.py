"""The chunks of a folder, for the benchmarks."""

from __future__ import annotations

import sys

from builder.models.catalog import embedder
from builder.models.embedder import Embedder
from builder.prepare.chunk import chunk_document
from builder.records import Chunk
from connectors.records import Document
from connectors.sources import open_source
from connectors.worker import read_items


def say(text: str) -> None:
    """Progress goes to standard error, tables to standard output."""
    print(text, file=sys.stderr, flush=True)


def open_embedder() -> Embedder:
    """The embedded embedder."""
    return Embedder(embedder("embedded", say))


def read_documents(folder: str) -> list[Document]:
    """Every document of the folder."""
    read = read_items(open_source(folder).items(), seconds_per_file=120, memory_mb=2000)
    return [o for outcomes in read for o in outcomes if isinstance(o, Document)]


def cut(documents: list[Document], tokens: int, reader: Embedder) -> list[Chunk]:
    """The documents' chunks of at most `tokens` tokens."""
    return [c for d in documents for c in chunk_document(d, tokens, reader.count_tokens)]

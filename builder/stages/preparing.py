"""prepare: documents → chunks/chunks.jsonl (a part of the `import` command).

Only documents whose line in documents.jsonl is another are cut; the chunks of the others are
copied.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from builder.jsonl import dump_lines, read_jsonl, record_of
from builder.knowledge import chunk_store
from builder.prepare.chunk import chunk_document
from builder.records import CatalogEntry, Chunk, StageReport
from builder.stages.context import (
    Context,
    StageResult,
    counted,
    finish,
    seconds_since,
    unchanged,
)
from builder.stages.cuttings import Cutting, cuttings_path, reusable, rows
from builder.stages.labelling import Labeller, hidden_products, labelling_notes
from builder.stages.lines import line_hash
from builder.stages.sidecar import replace_both
from builder.workspace import fingerprint
from connectors.records import Document

if TYPE_CHECKING:
    from builder.models.embedder import Embedder

RECIPE = 3  # raise it when chunking changes, so that bots are chunked anew
_NO_PRODUCTS = b'"products": []'


def run_prepare(context: Context, embedder: Embedder) -> StageResult:
    """Cut every document into chunks and label them with the groups that may read them."""
    began = time.monotonic()
    workspace = context.workspace
    mark = prepare_mark(context, embedder.source.name)
    if done := unchanged(context, "prepare", mark):
        return done
    workspace.need("import")
    settings = fingerprint(_settings(context, embedder.source.name))
    cutter = _Cutter(context, embedder, settings)
    replace_both(
        workspace.chunks,
        cutter.lines(),
        cuttings_path(workspace),
        lambda: rows(settings, cutter.made),
    )
    chunk_store.update(workspace.chunks)
    taken = len(cutter.made)
    rejected = counted(cutting.rejected for cutting in cutter.made if cutting.rejected)
    notes = [f"{sum(cutting.chunks for cutting in cutter.made)} chunks"]
    notes += [f"{cutter.kept} documents unchanged"] if cutter.kept else []
    notes += labelling_notes(context.config, cutter.made)
    report = StageReport(
        stage="prepare",
        taken=taken,
        made=taken - sum(count for _, count in rejected),
        rejected=rejected,
        seconds=seconds_since(began),
        notes=tuple(notes),
    )
    return finish(context, mark, report)


def prepare_mark(context: Context, embedder: str) -> str:
    """What the chunks are made from, as one word: the stage is stale where it is another."""
    return fingerprint(context.workspace.documents, _settings(context, embedder))


def _settings(context: Context, embedder: str) -> list[object]:
    """Everything besides a document that decides what its chunks are."""
    config = context.config
    rules = [rule.model_dump() for rule in config.access]
    names = config.sources.paths if rules else ()
    privacy = [config.privacy.model_dump(), config.bot.contact]
    return [RECIPE, config.chunks.model_dump(), rules, names, privacy, embedder]


class _Cutter:
    """Goes through the documents once, copying or cutting."""

    def __init__(self, context: Context, embedder: Embedder, settings: str) -> None:
        self.made: list[Cutting] = []
        self.kept = 0
        self._context, self._embedder = context, embedder
        self._labels = Labeller(context)
        # Placeholders count through all documents: none can be copied.
        masked = context.config.privacy.retrieval == "mask"
        self._known = {} if masked else reusable(context.workspace, settings)

    def lines(self) -> Iterator[bytes]:
        """The lines of each document's chunks, in the documents' order."""
        workspace = self._context.workspace
        with contextlib.ExitStack() as stack:
            taken = stack.enter_context(workspace.documents.open("rb"))
            old = stack.enter_context(workspace.chunks.open("rb")) if self._known else None
            for line in taken:
                key = line_hash(line)
                if old is not None and key in self._known:
                    at, cutting = self._known[key]
                    old.seek(at)
                    data = old.read(cutting.length)
                    self.kept += 1
                else:
                    data, cutting = self._cut(key, line)
                self.made.append(cutting)
                yield data

    def _cut(self, key: str, line: bytes) -> tuple[bytes, Cutting]:
        number = len(self.made) + 1
        document = record_of(Document, line, number, self._context.workspace.documents)
        tokens = self._context.config.chunks.tokens
        made = chunk_document(document, tokens, self._embedder.count_tokens)
        labelled, cutting = self._labels.label(document.source, made)
        data = "".join(dump_lines(labelled)).encode()
        self._context.voice.progress(f"{number} documents cut: {document.source}")
        return data, replace(cutting, document=key, length=len(data))


@dataclass(frozen=True, slots=True)
class ChunkFile:
    """The chunks of all documents, read from disk each time they are gone through."""

    context: Context

    def __iter__(self) -> Iterator[Chunk]:
        return read_jsonl(Chunk, self.context.workspace.chunks)


def chunk_file(context: Context) -> ChunkFile:
    """The chunks of all documents, one at a time."""
    context.workspace.need("prepare")
    return ChunkFile(context)


def all_chunks(context: Context) -> list[Chunk]:
    """The chunks of all documents, in memory."""
    return list(chunk_file(context))


def catalog(context: Context, chunks: Iterable[Chunk]) -> list[CatalogEntry]:
    """Every product with the chunk that holds its row."""
    rows = {(c.document_id, c.locator, c.sku): c for c in chunks if c.kind == "product"}
    if not rows:
        return []
    entries = [
        CatalogEntry(rows[key], product)
        for document in _catalogues(context)
        for product in document.products
        if (key := (document.id, product.locator, product.sku)) in rows
    ]
    return hidden_products(context.config, entries)


def _catalogues(context: Context) -> Iterator[Document]:
    """The documents with products; the others are told by their lines."""
    context.workspace.need("import")
    path = context.workspace.documents
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if _NO_PRODUCTS not in line:
                yield record_of(Document, line, number, path)

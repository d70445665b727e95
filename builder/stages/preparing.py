"""prepare: documents → chunks/chunks.jsonl (a part of the `import` command)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from builder.jsonl import read_jsonl
from builder.prepare.chunk import chunk_document
from builder.records import CatalogEntry, Chunk, StageReport
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.importing import documents
from builder.workspace import fingerprint, write_jsonl

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from builder.models.embedder import Embedder

RECIPE = 2  # raise it when chunking changes, so that bots are chunked anew


def run_prepare(context: Context, embedder: Embedder) -> StageResult:
    """Cut every document into chunks and label them with the groups that may read them."""
    began = time.monotonic()
    workspace, config = context.workspace, context.config
    rules = [rule.model_dump() for rule in config.access]
    settings = [RECIPE, config.chunks.model_dump(), rules, embedder.source.name]
    mark = fingerprint(workspace.documents, settings)
    if done := unchanged(context, "prepare", mark):
        return done
    taken = empty = 0

    def chunks() -> Iterator[Chunk]:
        nonlocal taken, empty
        access = _access(context)
        for document in documents(context):
            taken += 1
            groups = _groups(access, document.source)
            made = chunk_document(document, config.chunks.tokens, embedder.count_tokens)
            empty += not made
            yield from (replace(chunk, groups=groups) for chunk in made)
            context.voice.progress(f"{taken} documents cut: {document.source}")

    count = write_jsonl(workspace.chunks, chunks())
    report = StageReport(
        stage="prepare",
        taken=taken,
        made=taken - empty,
        rejected=(("no text", empty),) if empty else (),
        seconds=seconds_since(began),
        notes=(f"{count} chunks",),
    )
    return finish(context, mark, report)


def all_chunks(context: Context) -> list[Chunk]:
    """The chunks of all documents."""
    context.workspace.need("prepare")
    return list(read_jsonl(Chunk, context.workspace.chunks))


def catalog(context: Context, chunks: list[Chunk]) -> list[CatalogEntry]:
    """Every product with the chunk that holds its row."""
    rows = {(c.document_id, c.locator, c.sku): c for c in chunks if c.kind == "product"}
    return [
        CatalogEntry(rows[key], product)
        for document in documents(context)
        for product in document.products
        if (key := (document.id, product.locator, product.sku)) in rows
    ]


Access = list[tuple["GitIgnoreSpec", tuple[str, ...]]]


def _access(context: Context) -> Access:
    from pathspec import GitIgnoreSpec

    return [(GitIgnoreSpec.from_lines([r.path]), r.groups) for r in context.config.access]


def _groups(access: Access, source: str) -> tuple[str, ...]:
    """Groups of every rule that fits; a document under two rules is open to both."""
    named = {g for spec, groups in access if spec.match_file(source) for g in groups}
    return tuple(sorted(named))

"""index: chunks → index/ (vectors, keywords, product table)."""

from __future__ import annotations

import time
from dataclasses import replace

from builder.knowledge import chunk_store
from builder.knowledge.chroma_client import server_of
from builder.knowledge.index import Index, update_index
from builder.models.embedder import Embedder
from builder.records import StageReport
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.preparing import catalog, chunk_file
from builder.workspace import fingerprint

RECIPE = 4


def run_index(context: Context, embedder: Embedder) -> StageResult:
    """Make the index hold exactly the chunks that there are."""
    began = time.monotonic()
    workspace = context.workspace
    chunks = chunk_file(context)
    mark = index_mark(context, embedder.source.name)
    chunk_store.update(workspace.chunks)
    if done := unchanged(context, "index", mark):
        return done
    if earlier := workspace.manifest("index"):
        # The index is changed in place: killed half-way, it fits its earlier inputs no more.
        workspace.complete(replace(earlier, fingerprint=""))

    def progress(done: int, total: int) -> None:
        rate = done / max(0.1, time.monotonic() - began)
        left = (total - done) / max(0.1, rate)
        context.voice.progress(f"{done} of {total} chunks stored, {rate:.0f}/s, {left:.0f} s left")

    entries = catalog(context, chunks)
    server = server_of(context.config.retrieval)
    embedded, removed = update_index(workspace.index, chunks, entries, embedder, progress, server)
    count = sum(1 for _ in workspace.chunks.open("rb"))
    notes = [f"{embedded} embedded"]
    notes += [f"{removed} removed"] if removed else []
    notes += [f"{len(entries)} products"] if entries else []
    report = StageReport(
        stage="index",
        taken=count,
        made=count,
        seconds=seconds_since(began),
        notes=tuple(notes),
    )
    return finish(context, mark, report)


def index_mark(context: Context, embedder: str) -> str:
    """What the index is made from, as one word: the stage is stale where it is another."""
    server = context.config.retrieval.chroma_url
    return fingerprint(context.workspace.chunks, [RECIPE, embedder, *([server] if server else [])])


def open_index(context: Context, embedder: Embedder) -> Index:
    """The bot's index, for retrieval."""
    context.workspace.need("index")
    server = server_of(context.config.retrieval)
    return Index(context.workspace.index, context.workspace.chunks, embedder, server)

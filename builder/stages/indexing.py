"""index: chunks → index/ (vectors, keywords, product table)."""

from __future__ import annotations

import time
from dataclasses import replace

from builder.knowledge.index import Index, update_index
from builder.models.embedder import Embedder
from builder.records import StageReport
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.preparing import all_chunks, catalog
from builder.workspace import fingerprint

RECIPE = 2


def run_index(context: Context, embedder: Embedder) -> StageResult:
    """Make the index hold exactly the chunks that there are."""
    began = time.monotonic()
    workspace = context.workspace
    chunks = all_chunks(context)
    mark = fingerprint(workspace.chunks, [RECIPE, embedder.source.name])
    if done := unchanged(context, "index", mark):
        return done
    if earlier := workspace.manifest("index"):
        # The index is changed in place: killed half-way, it fits its earlier inputs no more.
        workspace.complete(replace(earlier, fingerprint=""))

    def progress(done: int, total: int) -> None:
        rate = done / max(0.1, time.monotonic() - began)
        left = (total - done) / max(0.1, rate)
        context.voice.progress(
            f"{done} of {total} chunks embedded, {rate:.0f}/s, {left:.0f} s left"
        )

    entries = catalog(context, chunks)
    embedded, removed = update_index(workspace.index, chunks, entries, embedder, progress)
    notes = [f"{embedded} embedded"]
    notes += [f"{removed} removed"] if removed else []
    notes += [f"{len(entries)} products"] if entries else []
    report = StageReport(
        stage="index",
        taken=len(chunks),
        made=len(chunks),
        seconds=seconds_since(began),
        notes=tuple(notes),
    )
    return finish(context, mark, report)


def open_index(context: Context, embedder: Embedder) -> Index:
    """The bot's index, for retrieval."""
    context.workspace.need("index")
    return Index(context.workspace.index, context.workspace.chunks, embedder)

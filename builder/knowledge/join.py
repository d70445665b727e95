"""Chunks that were found, each joined with its neighbours in the document, so that an answer that
goes on across a cut is in one passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.knowledge.index import Index
from builder.records import Chunk, Passage

JOINED_TOKENS = 360
"""Most tokens of a passage; printed with others by `benchmarks.retrieving`."""


def joined(index: Index, ranked: Sequence[Passage], count: int) -> list[Passage]:
    """At most `count` passages of neighbouring chunks, in the order of `ranked` (best first).

    A passage grows towards the neighbour that was ranked better. No chunk is in two passages.
    """
    scores = {passage.chunk.id: passage.score for passage in ranked}
    used: set[str] = set()
    out: list[Passage] = []
    for passage in ranked:
        if len(out) == count:
            break
        if passage.chunk.id not in used:
            chunks = _grown(index, passage.chunk, scores, used)
            out.append(replace(passage, context=tuple(chunks)))
    return out


def _grown(index: Index, core: Chunk, scores: Mapping[str, float], used: set[str]) -> list[Chunk]:
    chunks = [core]
    used.add(core.id)
    while True:
        room = JOINED_TOKENS - sum(chunk.tokens for chunk in chunks)
        before, after = index.neighbours(chunks[0])[0], index.neighbours(chunks[-1])[1]
        fitting = [
            chunk
            for chunk in (after, before)  # what follows first, where both are as good
            if chunk is not None and chunk.id not in used and chunk.tokens <= room
        ]
        if not fitting:
            return chunks
        best = max(fitting, key=lambda chunk: scores.get(chunk.id, 0.0))
        used.add(best.id)
        chunks = [*chunks, best] if best is after else [best, *chunks]

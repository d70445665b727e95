"""The ONE function through which everything is retrieved.

Dense and keyword rankings are fused by weighted reciprocal ranks (Cormack, Clarke, Büttcher, SIGIR
2009); products named in the question come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.config import RetrievalSection
from builder.knowledge import vectors
from builder.knowledge.index import Index
from builder.records import Chunk, Passage, Question
from builder.text.terms import overlap

RANK_CONSTANT = 20.0
"""Smaller than the usual 60: the two rankings are short, and their first places mean much."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    position: int
    fused: float


def retrieve(
    index: Index, question: Question, settings: RetrievalSection, count: int
) -> list[Passage]:
    """At most `count` passages that the asker's groups may read, best first."""
    vector = index.embedder.query(question.text)
    dense = vectors.search(index.store, vector.tolist(), settings.candidates, question.groups)
    fused: dict[str, float] = {}
    for rank, (chunk_id, _) in enumerate(dense):
        fused[chunk_id] = settings.dense_weight / (RANK_CONSTANT + rank)
    allowed = index.readable(question.groups)
    for rank, chunk_id in enumerate(index.keyword_ids(question.text, settings.candidates, allowed)):
        gain = (1.0 - settings.dense_weight) / (RANK_CONSTANT + rank)
        fused[chunk_id] = fused.get(chunk_id, 0.0) + gain
    for entry in index.products.named_in(question.text):
        if entry.chunk.id in allowed:
            fused[entry.chunk.id] = fused.get(entry.chunk.id, 0.0) + 1.0
    ranked = sorted(fused.items(), key=lambda item: -item[1])
    similarities = dict(dense)
    chosen = [(index.chunk(chunk_id), score) for chunk_id, score in ranked if chunk_id in index]
    return [
        Passage(
            chunk=chunk,
            score=round(score, 6),
            similarity=round(similarities.get(chunk.id, 0.0), 4),
            overlap=round(overlap(question.text, vectors.text_to_embed(chunk)), 4),
        )
        for chunk, score in _distinct(chosen)[:count]
    ]


def _distinct(chunks: Sequence[tuple[Chunk, float]]) -> list[tuple[Chunk, float]]:
    """The same text from two places is shown once."""
    seen: set[str] = set()
    out = []
    for chunk, score in chunks:
        key = "".join(chunk.model_text.split())
        if key not in seen:
            seen.add(key)
            out.append((chunk, score))
    return out

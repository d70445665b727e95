"""The ONE function through which everything is retrieved.

Dense and keyword rankings are fused by weighted reciprocal ranks (Cormack, Clarke, Büttcher, SIGIR
2009); products named in the question come first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from builder.config import RetrievalSection
from builder.knowledge import vectors
from builder.knowledge.index import Index
from builder.records import Chunk, Passage, Question
from builder.text.terms import overlap

RANK_CONSTANT = 20.0
"""Smaller than the usual 60: the two rankings are short, and their first places mean much."""
NAMED_PRODUCT = 1.0
"""Added for a product named in the question: more than any rank can give."""


def retrieve(
    index: Index, questions: Sequence[Question], settings: RetrievalSection, count: int
) -> list[list[Passage]]:
    """For each question at most `count` passages that the asker's groups may read, best first."""
    query_vectors = index.embedder.queries([question.text for question in questions])
    return [
        _retrieve_one(index, question, vector.tolist(), settings)[:count]
        for question, vector in zip(questions, query_vectors, strict=True)
    ]


def _retrieve_one(
    index: Index, question: Question, vector: list[float], settings: RetrievalSection
) -> list[Passage]:
    allowed = index.readable(question.groups)
    found = vectors.search(index.store, vector, settings.candidates, question.groups)
    dense = [(chunk_id, cosine) for chunk_id, cosine in found if chunk_id in allowed]
    keyword = index.keyword_ids(question.text, settings.candidates, allowed)
    fused: dict[str, float] = defaultdict(float)
    for rank, (chunk_id, _) in enumerate(dense):
        fused[chunk_id] += settings.dense_weight / (RANK_CONSTANT + rank)
    for rank, chunk_id in enumerate(keyword):
        fused[chunk_id] += (1.0 - settings.dense_weight) / (RANK_CONSTANT + rank)
    for entry in index.products.named_in(question.text):
        if entry.chunk.id in allowed:
            fused[entry.chunk.id] += NAMED_PRODUCT
    similarities = dict(dense)
    ranked = sorted(fused.items(), key=lambda item: -item[1])
    chosen = _distinct([(index.chunk(i), score) for i, score in ranked])
    return [
        Passage(
            chunk=chunk,
            score=round(score, 6),
            similarity=round(similarities.get(chunk.id, 0.0), 4),
            overlap=round(overlap(question.text, _whole(chunk)), 4),
        )
        for chunk, score in chosen
    ]


def _whole(chunk: Chunk) -> str:
    return f"{vectors.heading_line(chunk)}\n{chunk.model_text}"


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

"""The ONE function through which everything is retrieved.

Dense and keyword rankings are fused by weighted reciprocal ranks (Cormack, Clarke, Büttcher, SIGIR
2009); products named in the question come first.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from builder.config import RetrievalSection
from builder.knowledge import vectors
from builder.knowledge.duplicates import Distinct
from builder.knowledge.expand import added_words
from builder.knowledge.index import Index
from builder.models.reranker import open_reranker
from builder.records import Chunk, Passage, Question
from builder.text.answer_types import tells
from builder.text.definitions import defines
from builder.text.ranges import is_covered
from builder.text.synonyms import Synonyms
from builder.text.terms import overlap

RANK_CONSTANT = 20.0
"""Smaller than the usual 60: the two rankings are short, and their first places mean much."""
TELLS = 0.003
"""Added for a chunk that tells the kind of thing that the question asks for, explains what it asks
to have explained, or states a range that holds its quantity: about two places among the first
(`python -m benchmarks.retrieving`)."""
TRIED = 10
"""The chunks that are looked at for it: the first ones."""
SECOND = 0.2
"""Share of a document's second best chunk's score that counts for its best one, where it is decided
which comes first: a document about the subject has more than one (`benchmarks.retrieving`)."""
MAY_LEAD, LOOKED_AT = 3, 20
"""The chunks of which one comes first; those among which a document's second one is looked for."""
NAMED_PRODUCT = 1.0
"""Added for a product named in the question: more than any rank can give."""


def retrieve(
    index: Index, questions: Sequence[Question], settings: RetrievalSection, count: int
) -> list[list[Passage]]:
    """For each question at most `count` chunks that the asker's groups may read, best first; see
    `builder.knowledge.join` for passages with their surroundings."""
    synonyms = _synonyms(settings.synonyms)
    added = [added_words(q.text, synonyms, index.keywords.frequency) for q in questions]
    spoken = _query_vectors(index, questions, added)
    return [
        _retrieve_one(index, Search(question, f"{question.text} {words}", v), settings, count)
        for question, words, v in zip(questions, added, spoken, strict=True)
    ]


@lru_cache(maxsize=8)
def _synonyms(own: tuple[tuple[str, ...], ...]) -> Synonyms:
    return Synonyms(own)


def _query_vectors(
    index: Index, questions: Sequence[Question], added: Sequence[str]
) -> list[list[float]]:
    """Unit vectors; where words are added, half-way between the question with and without them."""
    import numpy as np

    plain = index.embedder.queries([question.text for question in questions])
    wider = [n for n, words in enumerate(added) if words]
    if wider:
        more = index.embedder.queries([f"{questions[n].text} {added[n]}" for n in wider])
        plain = plain.copy()
        plain[wider] += more
        plain /= np.linalg.norm(plain, axis=1, keepdims=True)
    out: list[list[float]] = plain.tolist()
    return out


@dataclass(frozen=True, slots=True)
class Search:
    """A question and what is looked for on its behalf."""

    question: Question
    words: str
    """The question's words and those added."""
    vector: list[float]


def _retrieve_one(
    index: Index, search: Search, settings: RetrievalSection, count: int
) -> list[Passage]:
    question = search.question
    dense = index.nearest(search.vector, settings.candidates, question.groups)
    keyword = index.keyword_ids(search.words, settings.candidates, question.groups)
    fused: dict[str, float] = defaultdict(float)
    for rank, (chunk_id, _) in enumerate(dense):
        fused[chunk_id] += settings.dense_weight / (RANK_CONSTANT + rank)
    for rank, chunk_id in enumerate(keyword):
        fused[chunk_id] += (1.0 - settings.dense_weight) / (RANK_CONSTANT + rank)
    named = index.products.named_in(question.text, index.readable(question.groups))
    for entry in named:
        fused[entry.chunk.id] += NAMED_PRODUCT
    ranked = _telling_first(index, question.text, sorted(fused.items(), key=lambda i: -i[1]))
    ranked = (
        _reranked(index, question.text, ranked, settings)
        if settings.reranker
        else _best_document_first(index, ranked)
    )
    similarities = dict(dense)
    return [
        Passage(
            chunk=chunk,
            score=round(score, 6),
            similarity=round(similarities.get(chunk.id, 0.0), 4),
            overlap=round(overlap(question.text, _whole(chunk)), 4),
        )
        for chunk, score in itertools.islice(_distinct(index, ranked), count)
    ]


def _telling_first(
    index: Index, question: str, ranked: list[tuple[str, float]]
) -> list[tuple[str, float]]:
    """The first ones in the order that they have when those which tell the kind of thing asked for
    (a time, a person, a row for so many kilometres) move up."""

    def moved(chunk_id: str, score: float) -> tuple[str, float]:
        text = index.chunk(chunk_id).model_text
        fits = tells(question, text) + defines(question, text) + is_covered(question, text)
        return chunk_id, score + TELLS * fits

    first = [moved(*item) for item in ranked[:TRIED]]
    return sorted([*first, *ranked[TRIED:]], key=lambda item: -item[1])


def _best_document_first(index: Index, ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Of the first chunks that one first whose document has the best two; the others stay. A row of
    a catalogue says nothing for another one."""
    scores: dict[str, list[float]] = defaultdict(list)
    documents = []
    for chunk_id, score in ranked[:LOOKED_AT]:
        chunk = index.chunk(chunk_id)
        documents.append(chunk_id if chunk.kind == "product" else chunk.document_id)
        scores[documents[-1]].append(score)

    def with_second(place: int) -> float:
        best, *others = scores[documents[place]]
        score = ranked[place][1]
        return score + SECOND * others[0] if others and score == best else score

    first = max(range(min(MAY_LEAD, len(ranked))), key=with_second, default=0)
    if first == 0:
        return ranked
    return [(ranked[first][0], ranked[0][1]), *ranked[:first], *ranked[first + 1 :]]


def _reranked(
    index: Index, question: str, ranked: list[tuple[str, float]], settings: RetrievalSection
) -> list[tuple[str, float]]:
    """The best `candidates` by the cross-encoder's scores; named products stay first."""
    first = ranked[: settings.candidates]
    texts = [_whole(index.chunk(chunk_id)) for chunk_id, _ in first]
    scores = open_reranker(settings.reranker).scores(question, texts)
    bonus = [NAMED_PRODUCT if score >= NAMED_PRODUCT else 0.0 for _, score in first]
    anew = [
        (chunk_id, score + more)
        for (chunk_id, _), score, more in zip(first, scores, bonus, strict=True)
    ]
    return sorted(anew, key=lambda item: -item[1])


def _whole(chunk: Chunk) -> str:
    return f"{vectors.heading_line(chunk)}\n{chunk.model_text}"


def _distinct(index: Index, ranked: Iterable[tuple[str, float]]) -> Iterator[tuple[Chunk, float]]:
    """The same text from several places is shown once; chunks are read as they are needed."""
    distinct = Distinct()
    for chunk_id, score in ranked:
        chunk = index.chunk(chunk_id)
        if distinct.is_new(chunk):
            yield chunk, score

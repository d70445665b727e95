"""What a set of pairs is like, for the report and for a person's eye."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from builder.dataset.questions import same_question
from builder.records import Chunk, QAPair, RejectedPair
from builder.text.terms import terms

Counts = tuple[tuple[str, int], ...]
_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class DatasetQuality:
    """Counts (most frequent first), shares (0…1) and a sample."""

    pairs: int
    by_kind: Counts
    by_language: Counts
    by_split: Counts
    by_generator: Counts
    rejected: Counts
    facts: int
    facts_found: int
    """Facts that the generators saw, before the filters."""
    facts_covered: float
    """Share of the facts seen that at least one pair asks for."""
    wordings_per_fact: float
    covered: float
    """Share of the chunks with at least one answerable pair."""
    documents_covered: float
    """Share of the documents with at least one answerable pair."""
    distinct_questions: float
    diversity: float
    """Share of different word pairs among all word pairs of the questions (distinct-2)."""
    by_augmentation: Counts
    followups: int
    two_passages: int
    reviewed: int
    sample: tuple[QAPair, ...]
    personal: Counts = ()
    """Kind of personal data → how often it was found in the chunks, before masking."""


def quality(
    pairs: Sequence[QAPair],
    rejected: Sequence[RejectedPair],
    chunks: Iterable[Chunk],
    seed: int = 7,
) -> DatasetQuality:
    """The record for these pairs; `chunks` are all that pairs could have been made from."""
    answerable = [pair for pair in pairs if pair.answerable]
    facts = {pair.fact for pair in answerable}
    seen = facts | {item.pair.fact for item in rejected if item.pair.answerable}
    documents = {chunk.id: chunk.document_id for chunk in chunks}
    held = {pair.chunk_id for pair in answerable} & documents.keys()
    held_documents = {documents[chunk] for chunk in held}
    distinct = {same_question(pair.question) for pair in pairs}
    ordered = sorted(pairs, key=lambda pair: pair.id)
    sample = random.Random(seed).sample(ordered, min(_SAMPLE, len(ordered)))  # noqa: S311
    return DatasetQuality(
        pairs=len(pairs),
        by_kind=_counts(pair.kind for pair in pairs),
        by_language=_counts(pair.language for pair in pairs),
        by_split=_counts(pair.split for pair in pairs),
        by_generator=_counts(pair.generator for pair in pairs),
        rejected=_counts(item.reason for item in rejected),
        facts=len(facts),
        facts_found=len(seen),
        facts_covered=_share(len(facts), len(seen)),
        wordings_per_fact=_share(len(answerable), len(facts)),
        covered=_share(len(held), len(documents)),
        documents_covered=_share(len(held_documents), len(set(documents.values()))),
        distinct_questions=_share(len(distinct), len(pairs)),
        diversity=_distinct_pairs(pairs),
        by_augmentation=_counts(pair.augmentation for pair in pairs if pair.augmentation),
        followups=sum(bool(pair.history) for pair in pairs),
        two_passages=sum(bool(pair.further) for pair in pairs),
        reviewed=sum(pair.reviewed for pair in pairs),
        sample=tuple(sample),
    )


def _distinct_pairs(pairs: Sequence[QAPair]) -> float:
    total = 0
    different: set[tuple[str, str]] = set()
    for pair in pairs:
        words = list(terms(pair.question))
        couples = list(pairwise(words))
        total += len(couples)
        different.update(couples)
    return _share(len(different), total)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _counts(values: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))

"""What a set of pairs is like, for the report and for a person's eye."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.dataset.questions import same_question
from builder.records import Chunk, QAPair, RejectedPair

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
    wordings_per_fact: float
    covered: float
    """Share of the chunks with at least one answerable pair."""
    distinct_questions: float
    sample: tuple[QAPair, ...]


def quality(
    pairs: Sequence[QAPair],
    rejected: Iterable[RejectedPair],
    chunks: Iterable[Chunk],
    seed: int = 7,
) -> DatasetQuality:
    """The record for these pairs; `chunks` are all that pairs could have been made from."""
    answerable = [pair for pair in pairs if pair.answerable]
    facts = {pair.fact for pair in answerable}
    held = {pair.chunk_id for pair in answerable}
    ids = {chunk.id for chunk in chunks}
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
        wordings_per_fact=len(answerable) / len(facts) if facts else 0.0,
        covered=len(held & ids) / len(ids) if ids else 0.0,
        distinct_questions=len(distinct) / len(pairs) if pairs else 0.0,
        sample=tuple(sample),
    )


def _counts(values: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))

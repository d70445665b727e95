"""Generated pairs to kept and rejected ones: in = kept + rejected, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from builder.config import DatasetSection
from builder.dataset.budget import beyond_refusals, over_budget
from builder.dataset.checks import fault
from builder.dataset.questions import same_question
from builder.records import Chunk, QAPair, RejectedPair
from builder.text.terms import content_terms

AHEAD = 1.15  # pairs tried on the index, by the number that the budget keeps

Finds = Callable[[Sequence[str]], Sequence[Sequence[str]]]
"""Questions to the ids of the chunks that retrieval finds for each, best first."""


def filter_pairs(
    pairs: Iterable[QAPair],
    chunks: Mapping[str, Chunk],
    finds: Finds | None,
    settings: DatasetSection,
) -> tuple[list[QAPair], list[RejectedPair]]:
    """The pairs worth training on, in their order, and the others with the reason."""
    kept: list[QAPair] = []
    rejected: list[RejectedPair] = []
    for pair in pairs:
        if reason := fault(pair, chunks.get(pair.chunk_id)):
            rejected.append(RejectedPair(pair, reason))
        else:
            kept.append(pair)
    # The round trip asks the index every question: only of pairs that the budget may keep.
    ahead = settings.model_copy(update={"max_pairs": int(settings.max_pairs * AHEAD) + 1})
    for reason, at_fault in (
        ("ambiguous", ambiguous),
        ("duplicate", duplicates),
        ("over-budget", lambda left: over_budget(left, ahead)),
        ("finds-another-passage", lambda left: found_elsewhere(left, finds)),
        ("over-budget", lambda left: beyond_refusals(left, settings)),
        ("over-budget", lambda left: over_budget(left, settings)),
    ):
        places = at_fault(kept)
        rejected.extend(RejectedPair(kept[place], reason) for place in sorted(places))
        kept = [pair for place, pair in enumerate(kept) if place not in places]
    return kept, rejected


def ambiguous(pairs: Sequence[QAPair]) -> set[int]:
    """Places of the pairs whose question has another answer in another chunk: all of them."""
    answers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    keys = [same_question(pair.question) for pair in pairs]
    for pair, key in zip(pairs, keys, strict=True):
        answers[key].add((pair.chunk_id, same_question(pair.answer)))
    unclear = {
        key
        for key, found in answers.items()
        if len({chunk for chunk, _ in found}) > 1 and len({answer for _, answer in found}) > 1
    }
    return {place for place, key in enumerate(keys) if key in unclear}


def duplicates(pairs: Sequence[QAPair]) -> set[int]:
    """Places of the pairs that ask what an earlier one asks: the same question, or another fact's
    question with the same words and the same answer."""
    seen: set[str] = set()
    worded: dict[tuple[frozenset[str], str], str] = {}
    places: set[int] = set()
    for place, pair in enumerate(pairs):
        key = same_question(pair.question)
        words = (frozenset(content_terms(pair.question)), same_question(pair.answer))
        # The wordings of one fact share their words by design.
        owner = worded.setdefault(words, pair.fact)
        if key in seen or (owner != pair.fact and words[0] and pair.answerable):
            places.add(place)
        seen.add(key)
    return places


def found_elsewhere(pairs: Sequence[QAPair], finds: Finds | None) -> set[int]:
    """Places of the answerable pairs whose passage retrieval does not find for the question."""
    if finds is None:
        return set()
    asked = [(place, pair) for place, pair in enumerate(pairs) if pair.answerable]
    results = finds([pair.question for _, pair in asked])
    return {
        place
        for (place, pair), found in zip(asked, results, strict=True)
        if pair.chunk_id not in list(found)[:5]
    }

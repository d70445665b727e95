"""Generated pairs to kept and rejected ones: in = kept + rejected, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from builder.config import DatasetSection
from builder.dataset.budget import beyond_followups, beyond_refusals, over_budget
from builder.dataset.checks import fault
from builder.dataset.focus import ALIKE, Shares
from builder.dataset.questions import asked, same_question
from builder.dataset.similar import near_pairs
from builder.records import Chunk, QAPair, RejectedPair
from builder.text.terms import content_terms

AHEAD = 1.15  # pairs tried on the index, by the number that the budget keeps
NEAR = 0.85
IN_FIRST = 5  # among so many passages a pair's own must be found
TRIED = 2  # wordings of a fact that are tried on the index; the others stand or fall with them

Finds = Callable[[Sequence[QAPair]], Sequence[Sequence[str]]]
"""Pairs to the ids of the chunks that retrieval finds for each question, best first."""


def filter_pairs(
    pairs: Iterable[QAPair],
    chunks: Mapping[str, Chunk],
    finds: Finds | None,
    settings: DatasetSection,
    shares: Shares = ALIKE,
) -> tuple[list[QAPair], list[RejectedPair]]:
    """The pairs worth training on, in their order, and the others with the reason."""
    kept: list[QAPair] = []
    rejected: list[RejectedPair] = []
    for pair in pairs:
        if reason := fault(pair, chunks):
            rejected.append(RejectedPair(pair, reason))
        else:
            kept.append(pair)
    # The round trip asks the index: only for pairs that the budget may keep.
    ahead = settings.model_copy(update={"max_pairs": int(settings.max_pairs * AHEAD) + 1})
    for reason, at_fault in (
        ("ambiguous", ambiguous),
        ("duplicate", duplicates),
        ("near-duplicate", near_duplicates),
        ("over-budget", lambda left: over_budget(left, ahead, shares)),
        ("finds-another-passage", lambda left: found_elsewhere(left, finds)),
        ("over-budget", lambda left: beyond_followups(left, settings)),
        ("over-budget", lambda left: beyond_refusals(left, settings)),
        ("over-budget", lambda left: over_budget(left, settings, shares)),
    ):
        places = {place for place in at_fault(kept) if not kept[place].reviewed}
        rejected.extend(RejectedPair(kept[place], reason) for place in sorted(places))
        kept = [pair for place, pair in enumerate(kept) if place not in places]
    return kept, rejected


def ambiguous(pairs: Sequence[QAPair]) -> set[int]:
    """Places of the pairs whose question has another answer in another chunk: all of them."""
    answers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    keys = [same_question(asked(pair)) for pair in pairs]
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
        key = same_question(asked(pair))
        words = (frozenset(content_terms(asked(pair))), same_question(pair.answer))
        # The wordings of one fact share their words by design.
        owner = worded.setdefault(words, pair.fact)
        if key in seen or (owner != pair.fact and words[0] and pair.answerable):
            places.add(place)
        seen.add(key)
    return places


def near_duplicates(pairs: Sequence[QAPair]) -> set[int]:
    """Places of the pairs whose fact differs by a few letters from an earlier one, with the same
    answer: the same text in two documents."""
    first: dict[tuple[str, bool], int] = {}
    for place, pair in enumerate(pairs):
        if pair.answerable:
            first.setdefault(_kin(pair), place)
    places = list(first.values())
    texts = [f"{asked(pairs[place])}\n{pairs[place].answer}" for place in places]
    later = {
        _kin(pairs[places[b]])
        for a, b in near_pairs(texts, NEAR)
        if same_question(pairs[places[a]].answer) == same_question(pairs[places[b]].answer)
    }
    return {place for place, pair in enumerate(pairs) if pair.answerable and _kin(pair) in later}


def found_elsewhere(pairs: Sequence[QAPair], finds: Finds | None) -> set[int]:
    """Places of the answerable pairs whose passages retrieval does not find for the question. Of a
    fact's wordings some are tried; where none of them finds it, all are rejected."""
    if finds is None:
        return set()
    tried: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        if pair.answerable and len(tried[_kin(pair)]) < TRIED:
            tried[_kin(pair)].append(place)
    places = [place for group in tried.values() for place in group]
    results = finds([pairs[place] for place in places])
    missed = {
        place
        for place, found in zip(places, results, strict=True)
        if not _wanted(pairs[place]) <= set(list(found)[:IN_FIRST])
    }
    lost = {kin for kin, group in tried.items() if group and missed.issuperset(group)}
    return missed | {place for place, pair in enumerate(pairs) if _kin(pair) in lost}


def _kin(pair: QAPair) -> tuple[str, bool]:
    """Equal for the wordings of one fact; follow-ups are tried by themselves."""
    return pair.fact, bool(pair.history)


def _wanted(pair: QAPair) -> set[str]:
    return {pair.chunk_id, *(evidence.chunk_id for evidence in pair.further)}

"""Whether what is asked in the test was trained on: looked for in the finished split, not assumed.

A training pair that says what a held-out one says is taken out of training, with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from builder.dataset.questions import asked, same_question
from builder.dataset.similar import jaccard, near_pairs, same_meaning, shingles
from builder.records import PHRASING, QAPair, RejectedPair, Split

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Vectors = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Questions to unit vectors."""

NEAR = 0.85  # shingles that two questions share to be one
CLOSE = 0.97  # cosine of two questions that ask the same in other words
SAME_ANSWER = 0.6
LEAKED = "leaks-into-test"
LEAKED_MEANING = "same-meaning-as-test"
TWO_SIDES = "on-two-sides"


def without_leaks(
    pairs: Sequence[QAPair], vectors: Vectors | None
) -> tuple[list[QAPair], list[RejectedPair]]:
    """The pairs without those of training and validation that a held-out pair repeats."""
    places = dict.fromkeys(_two_sided(pairs), TWO_SIDES)
    for place in _near(pairs):
        places.setdefault(place, LEAKED)
    if vectors is not None:
        for place in _meant(pairs, vectors):
            places.setdefault(place, LEAKED_MEANING)
    kept = [pair for place, pair in enumerate(pairs) if place not in places]
    return kept, [RejectedPair(pairs[place], places[place]) for place in sorted(places)]


def contamination(pairs: Sequence[QAPair]) -> list[str]:
    """What stands on two sides: chunks, and questions that are the same but for marks and case.
    New phrasings of trained facts share their chunks with training by design."""
    found: list[str] = []
    for what, key, measured in (
        ("chunk", _chunk_of, [pair for pair in pairs if pair.split != PHRASING]),
        ("question", _question_of, list(pairs)),
    ):
        sides: dict[str, set[str]] = defaultdict(set)
        for pair in measured:
            sides[key(pair)].add(pair.split)
        found.extend(
            f"{what} {name} is in {', '.join(sorted(on))}"
            for name, on in sorted(sides.items())
            if len(on) > 1
        )
    return found


def _two_sided(pairs: Sequence[QAPair]) -> list[int]:
    """Places of the pairs whose second passage belongs to another side."""
    sides = {pair.chunk_id: pair.split for pair in pairs if pair.split != PHRASING}
    return [
        place
        for place, pair in enumerate(pairs)
        if any(sides.get(e.chunk_id, pair.split) != pair.split for e in pair.further)
    ]


def _near(pairs: Sequence[QAPair]) -> list[int]:
    leaking: list[int] = []
    for one, other in near_pairs([asked(pair) for pair in pairs], NEAR):
        for place, held in ((one, other), (other, one)):
            if _leaks(pairs[place], pairs[held]):
                leaking.append(place)
    return leaking


def _meant(pairs: Sequence[QAPair], vectors: Vectors) -> list[int]:
    """Places of all wordings of the trained facts of which one means a test question. One wording
    of each fact is compared: they mean the same."""
    trained, tested = _one_of_each_fact(pairs, "train"), _one_of_each_fact(pairs, "test")
    if not trained or not tested:
        return []
    close = same_meaning(
        vectors([asked(pairs[n]) for n in trained]),
        vectors([asked(pairs[n]) for n in tested]),
        CLOSE,
    )
    leaking = [(trained[a], tested[b]) for a, b in close]
    facts = {pairs[a].fact for a, b in leaking if _leaks(pairs[a], pairs[b])}
    return [n for n, pair in enumerate(pairs) if pair.split == "train" and pair.fact in facts]


def _one_of_each_fact(pairs: Sequence[QAPair], split: Split) -> list[int]:
    places: dict[str, int] = {}
    for place, pair in enumerate(pairs):
        if pair.split == split and pair.answerable:
            places.setdefault(pair.fact, place)
    return list(places.values())


def _leaks(pair: QAPair, held: QAPair) -> bool:
    """Whether a pair gives away a held-out one: on an earlier side, with much the same answer.
    `How much is the K-210?` does not give away what the K-310 costs."""
    order = {"train": 0, "validation": 1, "test": 2}
    if PHRASING in (pair.split, held.split) or order[pair.split] >= order[held.split]:
        return False
    if not pair.answerable and not held.answerable:
        return same_question(asked(pair)) == same_question(asked(held))
    return jaccard(shingles(pair.answer), shingles(held.answer)) >= SAME_ANSWER


def _chunk_of(pair: QAPair) -> str:
    return pair.chunk_id


def _question_of(pair: QAPair) -> str:
    return same_question(asked(pair))

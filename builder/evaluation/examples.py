"""Answers to show side by side: drawn by lot from the good, the bad and the unanswerable, so that
nobody picks the pretty ones."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from builder.evaluation.records import Comparison, Outcome
from builder.evaluation.scores import asked_by
from builder.records import Arm

GOOD_F1 = 0.5
"""From here an answer without accepted strings counts as good."""


def choose_examples(comparison: Comparison, arm: Arm, n: int, seed: int) -> tuple[Outcome, ...]:
    """At most `n` outcomes, in the order asked: two fifths that `arm` got right, two fifths that it
    got wrong, one fifth without an answer in the documents; shortfalls are filled by the others."""
    drawn = sorted(comparison.outcomes, key=lambda outcome: _draw(seed, outcome))
    good = [o for o in drawn if o.gold.answerable and is_good(o, arm)]
    bad = [o for o in drawn if o.gold.answerable and not is_good(o, arm)]
    neither = [o for o in drawn if not o.gold.answerable]
    few, many = n // 5, (n - n // 5) // 2
    first = [*good[:many], *bad[: n - few - many], *neither[:few]]
    rest = _interleave([good[many:], bad[n - few - many :], neither[few:]])
    chosen = {id(outcome) for outcome in [*first, *rest][:n]}
    return tuple(outcome for outcome in comparison.outcomes if id(outcome) in chosen)


def is_good(outcome: Outcome, arm: Arm) -> bool:
    """Whether the arm got the question right: it holds the answer, or rightly refused."""
    scores = asked_by(outcome, arm).scores
    if not outcome.gold.answerable:
        return scores.refused
    if scores.holds_answer is not None:
        return scores.holds_answer
    return (scores.f1 or 0.0) >= GOOD_F1


def _interleave(groups: Sequence[list[Outcome]]) -> list[Outcome]:
    longest = max(map(len, groups), default=0)
    return [group[at] for at in range(longest) for group in groups if at < len(group)]


def _draw(seed: int, outcome: Outcome) -> str:
    return hashlib.sha256(f"{seed}:{outcome.gold.question.id}".encode()).hexdigest()

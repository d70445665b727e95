"""Tuned against untuned, one measure after the other: better, worse, as good, or unclear.

Everything is judged by the paired 95 % interval of the difference, never by the two means.
"""

from __future__ import annotations

from builder.evaluation.records import Comparison, Interval, Metric, Weighed

ENOUGH = 8
"""With fewer pairs a bootstrap interval may be a single point: nothing is shown by it."""
TOLERANCE = 0.05
"""A loss of F1 that is surely smaller than this counts as none."""
NOTABLE = 0.2
"""Share by which time or tokens must fall to count as an advantage."""

LOWER_IS_BETTER: frozenset[Metric] = frozenset(("wrong_refusals", "invented", "seconds", "tokens"))
HARMS: tuple[Metric, ...] = ("f1", "right_refusals", "wrong_refusals", "invented")
"""What must not get worse."""
GAINS: tuple[Metric, ...] = ("own_words", "right_refusals", "wrong_refusals", "seconds", "tokens")
"""What speaks for the tuned model where its answers are as good."""
ORDER: tuple[Metric, ...] = (
    "f1",
    "judged",
    "own_words",
    "right_refusals",
    "wrong_refusals",
    "invented",
    "seconds",
    "tokens",
)


def weigh(comparison: Comparison) -> tuple[Weighed, ...]:
    """Each measure that both arms with passages have, tuned minus untuned."""
    rag = comparison.scores("rag")
    found = []
    for metric in ORDER:
        interval = comparison.difference("tuned+rag", "rag", metric)
        if interval is not None and rag is not None:
            before = rag.intervals.get(metric)
            found.append(judge(metric, interval, before.mean if before else 0.0))
    return tuple(found)


def judge(metric: Metric, interval: Interval, before: float) -> Weighed:
    """What an interval of differences shows. `before`: the mean that time and tokens fell from."""
    low, high = interval.low, interval.high
    if metric in LOWER_IS_BETTER:
        low, high = -high, -low
    # Seconds and tokens differ by a little at every question: only a notable change counts.
    least = NOTABLE * before if metric in ("seconds", "tokens") else 0.0
    if interval.n < ENOUGH:
        return Weighed(metric, "unclear", interval)
    if low > 0 and (low + high) / 2 >= least:
        return Weighed(metric, "better", interval)
    if high < 0 and -(low + high) / 2 >= least:
        return Weighed(metric, "worse", interval)
    slack = max(TOLERANCE, least) if metric not in ("seconds", "tokens") else least
    return Weighed(metric, "as good" if low >= -slack else "unclear", interval)

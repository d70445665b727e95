"""Every arm on the same questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from builder.errors import UsageError
from builder.evaluation.bootstrap import difference_interval, mean_interval
from builder.evaluation.records import (
    Asked,
    Breakdown,
    Comparison,
    Difference,
    Failure,
    Metric,
    Outcome,
)
from builder.evaluation.scores import arm_scores, asked_by, score
from builder.records import Answer, Arm, GoldQuestion, Question
from connectors.errors import MonoshiriError

DIFFERENCES: tuple[tuple[Arm, Arm], ...] = (
    ("tuned+rag", "rag"),
    ("tuned+rag", "tuned"),
    ("rag", "base"),
    ("tuned", "base"),
    ("few-shot", "base"),
)
_METRICS: tuple[Metric, ...] = ("f1", "holds_answer")
_BY: tuple[Literal["kind", "language"], ...] = ("kind", "language")


def compare(
    golds: Sequence[GoldQuestion],
    ask: Callable[[Question, Arm], Answer],
    arms: Sequence[Arm],
    progress: Callable[[str], None],
) -> Comparison:
    """Ask every arm every question and score the answers.

    A question on which `ask` raises MonoshiriError counts as failed: scored as a wrong answer and
    listed. Other exceptions are faults of the program and pass through. `progress` is told after
    each question. Raises UsageError without questions or arms.
    """
    arms = tuple(dict.fromkeys(arms))
    if not golds or not arms:
        missing = "questions" if arms else "arms"
        raise UsageError(f"there are no {missing} to compare.", "evaluation")
    # Arm by arm, so that an adapter is switched on and off once and not at every question.
    columns = [list(_ask_all(golds, ask, arm, progress)) for arm in arms]
    outcomes = tuple(
        Outcome(gold, asked) for gold, asked in zip(golds, zip(*columns, strict=True), strict=True)
    )
    return Comparison(
        arms=tuple(arm_scores(arm, outcomes) for arm in arms),
        differences=tuple(_differences(outcomes, arms)),
        breakdown=tuple(_breakdown(outcomes, arms)),
        failures=tuple(
            Failure(asked.arm, outcome.gold.question.id, asked.error)
            for outcome in outcomes
            for asked in outcome.asked
            if asked.answer is None
        ),
        outcomes=outcomes,
    )


def _ask_all(
    golds: Sequence[GoldQuestion],
    ask: Callable[[Question, Arm], Answer],
    arm: Arm,
    progress: Callable[[str], None],
) -> Iterator[Asked]:
    failed = 0
    for count, gold in enumerate(golds, 1):
        answer, error = None, ""
        try:
            answer = ask(gold.question, arm)
        except MonoshiriError as exc:
            error = str(exc) or type(exc).__name__
            failed += 1
        yield Asked(arm, answer, error, score(gold, arm, answer))
        progress(f"{arm}: {count} of {len(golds)}" + (f", {failed} failed" if failed else ""))


def _differences(outcomes: Sequence[Outcome], arms: Sequence[Arm]) -> Iterator[Difference]:
    for first, second in DIFFERENCES:
        if first not in arms or second not in arms:
            continue
        for metric in _METRICS:
            interval = difference_interval(
                _values(outcomes, first, metric), _values(outcomes, second, metric)
            )
            if interval is not None:
                yield Difference(first, second, metric, interval)


def _breakdown(outcomes: Sequence[Outcome], arms: Sequence[Arm]) -> Iterator[Breakdown]:
    for by in _BY:
        for value in sorted({_group(outcome, by) for outcome in outcomes}):
            members = [outcome for outcome in outcomes if _group(outcome, by) == value]
            for arm in arms:
                interval = mean_interval(_values(members, arm, "f1"))
                if interval is not None:
                    yield Breakdown(arm, by, value, interval)


def _group(outcome: Outcome, by: Literal["kind", "language"]) -> str:
    return outcome.gold.kind if by == "kind" else outcome.gold.language


def _values(outcomes: Sequence[Outcome], arm: Arm, metric: Metric) -> list[float]:
    # Whether a question has this score depends on its gold answer alone: arms stay paired.
    rows = [asked_by(outcome, arm).scores for outcome in outcomes]
    scored = [row.f1 if metric == "f1" else row.holds_answer for row in rows]
    return [float(value) for value in scored if value is not None]

"""Every arm on the same questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from builder.errors import UsageError
from builder.evaluation.bootstrap import difference_interval, mean_interval
from builder.evaluation.records import (
    METRICS,
    Asked,
    Breakdown,
    By,
    Comparison,
    Contrast,
    Difference,
    Failure,
    Metric,
    Outcome,
)
from builder.evaluation.scores import arm_scores, asked_by, score, value_of
from builder.records import Answer, Arm, GoldQuestion, Question
from connectors.errors import MonoshiriError

DIFFERENCES: tuple[tuple[Arm, Arm], ...] = (
    ("tuned+rag", "rag"),
    ("tuned+rag", "tuned"),
    ("rag", "base"),
    ("tuned", "base"),
    ("few-shot", "base"),
)
CONTRASTED: tuple[Arm, Arm] = ("tuned+rag", "rag")
"""The arms whose difference is also given by kind of question."""
Judge = Callable[[GoldQuestion, Answer], float | None]


@dataclass(frozen=True, slots=True)
class Extras:
    """What a comparison may be told besides."""

    alone: frozenset[str] = frozenset()
    """Ids of the questions that `ask` asks one at a time: only they tell how long people wait."""
    judge: Judge | None = None
    """Scores an answer 0…1; asked of every answer to an answerable question that is no refusal."""
    sets: Mapping[str, str] = field(default_factory=dict)
    """Id of a question → the set that it is from, where there is more than one."""
    apart: frozenset[str] = frozenset()
    """Sets whose questions count in the breakdown by set only."""


NO_EXTRAS = Extras()


def compare(
    golds: Sequence[GoldQuestion],
    ask: Callable[[Question, Arm], Answer],
    arms: Sequence[Arm],
    progress: Callable[[str], None],
    extras: Extras = NO_EXTRAS,
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
    columns = [list(_ask_all(golds, ask, arm, progress, extras)) for arm in arms]
    outcomes = tuple(
        Outcome(gold, asked) for gold, asked in zip(golds, zip(*columns, strict=True), strict=True)
    )
    counted = [o for o in outcomes if extras.sets.get(o.gold.question.id) not in extras.apart]
    groups = [*_groups(outcomes, ("set",), extras), *_groups(counted, ("kind", "language"), extras)]
    return Comparison(
        arms=tuple(arm_scores(arm, counted) for arm in arms),
        differences=tuple(_differences(counted, arms)),
        breakdown=tuple(_breakdown(groups, arms)),
        failures=tuple(
            Failure(asked.arm, outcome.gold.question.id, asked.error)
            for outcome in outcomes
            for asked in outcome.asked
            if asked.answer is None
        ),
        outcomes=outcomes,
        contrasts=tuple(_contrasts(groups, arms)),
    )


def paired(
    metric: Metric, pairs: Iterable[tuple[GoldQuestion, Asked, Asked]]
) -> tuple[list[float], list[float]]:
    """The two columns' values for the questions where both have one."""
    first, second = [], []
    for gold, one, other in pairs:
        a, b = value_of(metric, gold, one), value_of(metric, gold, other)
        if a is not None and b is not None:
            first.append(a)
            second.append(b)
    return first, second


def _ask_all(
    golds: Sequence[GoldQuestion],
    ask: Callable[[Question, Arm], Answer],
    arm: Arm,
    progress: Callable[[str], None],
    extras: Extras,
) -> Iterator[Asked]:
    failed = 0
    for count, gold in enumerate(golds, 1):
        answer, error = None, ""
        try:
            answer = ask(gold.question, arm)
        except MonoshiriError as exc:
            error = str(exc) or type(exc).__name__
            failed += 1
        scores = replace(score(gold, arm, answer), judged=_judged(gold, answer, extras.judge))
        yield Asked(arm, answer, error, scores, gold.question.id in extras.alone)
        progress(f"{arm}: {count} of {len(golds)}" + (f", {failed} failed" if failed else ""))


def _judged(gold: GoldQuestion, answer: Answer | None, judge: Judge | None) -> float | None:
    if judge is None or not gold.answerable:
        return None
    # Nobody needs a judge to see that no answer is not the right one.
    return 0.0 if answer is None or answer.refused else judge(gold, answer)


def _differences(outcomes: Sequence[Outcome], arms: Sequence[Arm]) -> Iterator[Difference]:
    for first, second in DIFFERENCES:
        if first in arms and second in arms:
            for metric in METRICS:
                interval = difference_interval(*_pair(metric, outcomes, first, second))
                if interval is not None:
                    yield Difference(first, second, metric, interval)


def _pair(
    metric: Metric, outcomes: Sequence[Outcome], first: Arm, second: Arm
) -> tuple[list[float], list[float]]:
    return paired(metric, ((o.gold, asked_by(o, first), asked_by(o, second)) for o in outcomes))


Group = tuple[By, str, list[Outcome]]


def _groups(outcomes: Sequence[Outcome], bys: Sequence[By], extras: Extras) -> Iterator[Group]:
    for by in bys:
        names = [_group(outcome, by, extras) for outcome in outcomes]
        for name in sorted(set(names) - {""}):
            yield by, name, [o for o, found in zip(outcomes, names, strict=True) if found == name]


def _group(outcome: Outcome, by: By, extras: Extras) -> str:
    gold = outcome.gold
    if by == "set":
        return extras.sets.get(gold.question.id, "")
    return gold.kind if by == "kind" else gold.language


def _breakdown(groups: Sequence[Group], arms: Sequence[Arm]) -> Iterator[Breakdown]:
    for by, value, members in groups:
        for arm in arms:
            values = [value_of("f1", o.gold, asked_by(o, arm)) for o in members]
            interval = mean_interval([value for value in values if value is not None])
            if interval is not None:
                yield Breakdown(arm, by, value, interval)


def _contrasts(groups: Sequence[Group], arms: Sequence[Arm]) -> Iterator[Contrast]:
    first, second = CONTRASTED
    if first not in arms or second not in arms:
        return
    for by, value, members in groups:
        interval = difference_interval(*_pair("f1", members, first, second))
        if interval is not None:
            yield Contrast(first, second, by, value, interval)

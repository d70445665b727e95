"""When training ends early, and what the owner is told of it."""

from __future__ import annotations

from pathlib import Path

import loop_case
import pytest

from builder.training import loop
from builder.training.checkpoint import Point
from builder.training.curve import impatient, warnings
from builder.training.loop import train


def curve(*losses: float, quality: tuple[float, ...] = ()) -> list[Point]:
    """A validation every ten steps."""
    scores = [*quality, *[None] * len(losses)]
    return [
        Point(10 * n, 1.0, loss, scores[n - 1])  # type: ignore[arg-type]
        for n, loss in enumerate(losses, 1)
    ]


@pytest.mark.parametrize(
    ("losses", "patience", "stops"),
    [
        ((3.0, 2.0, 1.0), 2, False),
        ((1.0, 2.0), 2, False),
        ((1.0, 2.0, 1.5), 2, True),
        ((1.0, 2.0, 0.9), 2, False),
        ((1.0, 1.0, 1.0), 2, True),
        ((1.0, 2.0, 3.0), 0, False),
        ((), 1, False),
    ],
)
def test_patience_ends_when_validations_get_no_better(
    losses: tuple[float, ...], patience: int, stops: bool
) -> None:
    assert impatient(curve(*losses), patience) is stops


def test_a_run_that_gets_no_better_ends_early_with_its_best_step_and_stays_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([3.0, 1.5, 2.0, 2.5])
    monkeypatch.setattr(loop._Trainer, "_validate", lambda _: next(losses))
    monkeypatch.setattr(loop, "SAVE_SECONDS", -1.0)
    trained = train(*loop_case.make(tmp_path, patience=2), lambda _: None)
    assert (trained.state.step, trained.state.best_step) == (8, 4)
    again = train(*loop_case.make(tmp_path, patience=2), lambda _: pytest.fail("a step more"))
    assert again.state == trained.state


def test_overfitting_is_said_in_plain_words() -> None:
    (said,) = warnings(curve(2.0, 1.0, 1.4), 50)
    assert "by heart" in said
    assert "step 20 was kept" in said


def test_a_good_run_has_no_warning() -> None:
    assert warnings(curve(2.0, 1.0, 0.995), 30) == ()


def test_a_run_cut_short_says_that_more_may_help() -> None:
    (said,) = warnings(curve(3.0, 2.0, 1.0), 30)
    assert "training.epochs" in said


def test_better_answers_at_another_step_are_pointed_out() -> None:
    (said,) = warnings(curve(2.0, 1.0, 1.01, quality=(0.2, 0.3, 0.6)), 30)
    assert "step 30" in said


def test_without_validation_overfitting_can_not_be_seen_and_that_is_said() -> None:
    assert "could not be seen" in warnings([Point(1, 2.0)], 1)[0]

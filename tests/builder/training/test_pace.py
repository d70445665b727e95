"""How many steps are planned: by the tokens that steps really take, in what the rest leaves."""

from __future__ import annotations

import loop_case
import pytest

from builder.config import TrainingSection
from builder.training.pace import Pace, planned_steps, step_tokens
from builder.training.packing import Branch, Tree, total_tokens
from builder.training.schedule import schedule

LONG = [Tree(tuple(range(90)), (Branch((1,) * 5, (2,) * 5),)) for _ in range(40)]
"""Examples of 100 tokens."""


def settings(**changes: float) -> TrainingSection:
    fields = {"batch_tokens": 250, "micro_batch_tokens": 128, "epochs": 3.0, "max_minutes": 1e6}
    return TrainingSection.model_validate({**fields, "validations": 5, **changes})


def pace(**changes: float) -> Pace:
    fields = {"training": 100.0, "validating": 250.0, "loading": 0.0, "quality": 0.0, "ending": 0.0}
    return Pace(**{**fields, **changes})


def test_a_step_takes_whole_examples() -> None:
    assert step_tokens(LONG, settings()) == 300
    assert step_tokens(loop_case.make_trees(14), settings(batch_tokens=152)) == 152


def test_the_epochs_asked_for_are_the_epochs_made() -> None:
    steps = planned_steps(LONG, [], settings(), pace())
    assert steps == 40
    batches = schedule(LONG, settings(), steps)
    assert sum(map(total_tokens, batches)) == 3 * total_tokens(LONG)


def test_the_time_limit_holds_all_of_the_training() -> None:
    """20 minutes: a minute to load, half a one at the end, and five validations of 16 + 4 s."""
    limited = settings(max_minutes=20.0, epochs=100.0)
    around = pace(loading=60.0, ending=30.0, quality=16.0)
    assert planned_steps(LONG, LONG[:10], limited, around) == round((1200 - 60 - 30 - 5 * 20) / 3)
    assert planned_steps(LONG, [], limited, around) == round((1200 - 60 - 30) / 3)


@pytest.mark.parametrize("loading", [700.0, 1e5])
def test_half_of_the_time_goes_to_the_steps_whatever_the_rest_takes(loading: float) -> None:
    limited = settings(max_minutes=20.0, epochs=100.0)
    assert planned_steps(LONG, [], limited, pace(loading=loading)) == 200

"""How many steps the time limit allows, of those that the epochs ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.config import TrainingSection
from builder.training.packing import Tree, total_tokens
from builder.training.schedule import schedule

FORWARD_SPEED = 2.5
"""Tokens a second without gradients, in those with them; where it is not measured."""
LEAST = 0.5
"""Share of the time limit that the steps get, however long the rest takes."""
SAMPLED = 200  # steps


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the machine is; measured, or derived from its matrix products."""

    training: float
    """Tokens a second, forward and backward."""
    validating: float
    """Tokens a second, forward only."""
    loading: float
    """Seconds until training can begin: examples, model, general questions, replay."""
    quality: float
    """Seconds of a look at the model's own answers."""
    ending: float
    """Seconds from the last step to the end."""

    def validation(self, watched: Sequence[Tree]) -> float:
        """Seconds of one validation with these examples."""
        return total_tokens(watched) / self.validating + self.quality if watched else 0.0


def step_tokens(trees: Sequence[Tree], settings: TrainingSection) -> float:
    """Tokens of a step, on average: examples are whole, so the last goes over `batch_tokens`."""
    batches = schedule(trees, settings, SAMPLED)
    return sum(map(total_tokens, batches)) / SAMPLED


def planned_steps(
    trees: Sequence[Tree], watched: Sequence[Tree], settings: TrainingSection, pace: Pace
) -> int:
    """Steps for the epochs asked for, or fewer where `max_minutes` allows no more.

    `trees`: of one epoch; `watched`: the examples of a validation.
    """
    around = pace.loading + settings.validations * pace.validation(watched) + pace.ending
    limit = settings.max_minutes * 60
    affordable = max(limit - around, limit * LEAST) * pace.training
    wanted = total_tokens(trees) * settings.epochs
    return max(1, round(min(wanted, affordable) / step_tokens(trees, settings)))

"""Rank, learning rate and epochs, where bot.toml leaves them to us (0).

Measured with the embedded model (`python -m benchmarks.recipe`), validation loss of the best step:

- 100 pairs, rank 16: 0.312 in 24 steps at 1e-3, 0.265 in 49, 0.240 in 49 at 2e-3; of 130 steps at
  1e-3 0.216, at the first validation, while the rate was high; then it rose, and the best step is
  what is kept.
- 302 pairs in 91 steps, 3 epochs: rank 16 0.778 at 1e-3 and 0.754 at 2e-3; rank 8 0.747 at 2e-3.
- 5,945 pairs in 130 steps, a fifth of an epoch, as a CPU has time for: rank 32 0.520 at 1e-3 and
  0.514 at 2e-3, rank 16 0.512 at 2e-3. So the rank hardly matters there, and 2e-3 is a little
  better with both numbers of pairs.

The other rows are estimates. The rates of larger models are those that QLoRA (arXiv 2305.14314)
found for 7 to 65 billion weights.
"""

from __future__ import annotations

from dataclasses import dataclass

from builder.config import TrainingSection


@dataclass(frozen=True, slots=True)
class Recipe:
    """What suits a dataset of up to `pairs` training pairs."""

    pairs: float
    rank: int
    epochs: float


BY_PAIRS = (
    Recipe(pairs=150, rank=16, epochs=10.0),
    Recipe(pairs=500, rank=16, epochs=6.5),
    Recipe(pairs=2500, rank=16, epochs=4.0),
    Recipe(pairs=float("inf"), rank=32, epochs=2.5),
)
RATE_BY_WEIGHTS = ((5e8, 2e-3), (3e9, 5e-4), (2e10, 2e-4), (float("inf"), 1e-4))
"""(most weights of a model, peak rate of an adapter)."""
OWN_WEIGHTS = 0.05
"""Rate of a model's own weights as a share of an adapter's: these are not zero at the start."""


def filled_in(
    settings: TrainingSection, pairs: int, weights: int, *, adapter: bool
) -> TrainingSection:
    """The settings with every 0 replaced. `weights`: of the model; `adapter`: whether the method
    trains one."""
    recipe = next(row for row in BY_PAIRS if pairs <= row.pairs)
    rate = next(rate for most, rate in RATE_BY_WEIGHTS if weights <= most)
    rank = settings.rank or recipe.rank
    return settings.model_copy(
        update={
            "rank": rank,
            "alpha": settings.alpha or 2 * rank,
            "learning_rate": settings.learning_rate or rate * (1.0 if adapter else OWN_WEIGHTS),
            "epochs": settings.epochs or recipe.epochs,
        }
    )

"""How sure a mean is: seeded percentile bootstrap over questions (Efron, 1979).

Questions about one document resemble each other, so the intervals are, if anything, too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence

from builder.evaluation.records import Interval

RESAMPLES = 4000
SEED = 7
_LEVEL = (2.5, 97.5)  # percentiles of a 95 % interval
_BLOCK = 2_000_000  # drawn indices held at once: 16 MB


def mean_interval(values: Sequence[float], seed: int = SEED) -> Interval | None:
    """The mean of the values and its 95 % interval; None for no values."""
    import numpy as np

    if not values:
        return None
    sample = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    means = []
    rows = max(1, min(RESAMPLES, _BLOCK // sample.size))
    for start in range(0, RESAMPLES, rows):
        size = (min(rows, RESAMPLES - start), sample.size)
        means.append(sample[rng.integers(0, sample.size, size=size)].mean(axis=1))
    low, high = np.percentile(np.concatenate(means), _LEVEL)
    middle = float(sample.mean())
    # Rounding alone can put the mean of equal values beside its interval.
    return Interval(middle, min(float(low), middle), max(float(high), middle), len(values))


def difference_interval(
    first: Sequence[float], second: Sequence[float], seed: int = SEED
) -> Interval | None:
    """Mean and 95 % interval of `first` − `second`, value by value (the same question in both).

    Raises ValueError when they are not of one length.
    """
    return mean_interval([a - b for a, b in zip(first, second, strict=True)], seed)

"""Which examples each step sees, and how fast it learns: fixed before the first step."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from builder.config import TrainingSection
from builder.training.packing import Tree, total_tokens

WARM_UP = 0.06
FINAL_RATE = 0.1  # of the peak learning rate


def schedule(trees: Sequence[Tree], settings: TrainingSection, steps: int) -> list[list[Tree]]:
    """The examples of every step: epochs of seeded shuffles, cut at `batch_tokens`."""
    stream = _epochs(trees, settings.seed)
    batches: list[list[Tree]] = []
    for _ in range(steps):
        batch: list[Tree] = []
        while total_tokens(batch) < settings.batch_tokens:
            batch.append(next(stream))
        batches.append(batch)
    return batches


def _epochs(trees: Sequence[Tree], seed: int) -> Iterator[Tree]:
    rng = random.Random(seed)  # noqa: S311 (shuffling, not secrets)
    while True:
        order = list(trees)
        rng.shuffle(order)
        yield from order


def rate(step: int, total: int, peak: float) -> float:
    """The learning rate of a step (from 1): up to the peak, then down in a straight line."""
    warm = max(1, round(WARM_UP * total))
    if step <= warm:
        return peak * step / warm
    done = (step - warm) / max(1, total - warm)
    return peak * (1.0 - (1.0 - FINAL_RATE) * done)


def up_to(trees: Sequence[Tree], tokens: int) -> Iterator[Tree]:
    """The first trees that together have at most so many tokens; always one."""
    taken = 0
    for tree in trees:
        if taken and taken + len(tree) > tokens:
            return
        taken += len(tree)
        yield tree


def spread(trees: Sequence[Tree], count: int) -> list[Tree]:
    """So many trees of all lengths, evenly."""
    ordered = sorted(trees, key=len)
    count = min(count, len(ordered))
    return [ordered[(2 * i + 1) * len(ordered) // (2 * count)] for i in range(count)]

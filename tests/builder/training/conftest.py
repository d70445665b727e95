"""Trees of random tokens."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from model_fixtures import embedded_model, one_thread, tokenizer

from builder.training.packing import Branch, Tree

__all__ = ["embedded_model", "one_thread", "tokenizer"]


@pytest.fixture(autouse=True)
def steady(one_thread: None) -> None:
    """Every test here counts on the same sums."""


@pytest.fixture
def make_tree() -> Callable[..., Tree]:
    """A tree of random tokens: (seed, prefix length, (question, answer) lengths…)."""

    def make(seed: int, prefix: int, *branches: tuple[int, int]) -> Tree:
        rng = random.Random(seed)  # noqa: S311 (made-up data)

        def ids(count: int) -> tuple[int, ...]:
            return tuple(rng.randrange(256) for _ in range(count))

        return Tree(ids(prefix), tuple(Branch(ids(q), (*ids(a - 1), 257)) for q, a in branches))

    return make

"""A tiny model with an adapter, and trees of random tokens."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from builder.training.packing import Branch, Tree


@pytest.fixture(autouse=True)
def steady(one_thread: None) -> None:
    """Every test here counts on the same sums."""


@pytest.fixture
def make_tree() -> Callable[..., Tree]:
    """A tree of random tokens: (seed, prefix length, (question, answer) lengths…)."""

    def make(seed: int, prefix: int, *branches: tuple[int, int]) -> Tree:
        rng = random.Random(seed)

        def ids(count: int) -> tuple[int, ...]:
            return tuple(rng.randrange(256) for _ in range(count))

        return Tree(ids(prefix), tuple(Branch(ids(q), (*ids(a - 1), 257)) for q, a in branches))

    return make


@pytest.fixture
def adapted() -> Callable[..., Any]:
    """The tiny model with a fresh adapter, the same at every call."""
    import tiny
    import torch
    from peft import LoraConfig, get_peft_model

    def make(dropout: float = 0.0) -> Any:
        model = tiny.make_llama()
        model.requires_grad_(False)
        torch.manual_seed(1)
        config = LoraConfig(
            task_type="CAUSAL_LM",
            r=8,
            lora_alpha=16,
            lora_dropout=dropout,
            target_modules="all-linear",
        )
        return get_peft_model(model, config).train()

    return make

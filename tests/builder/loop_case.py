"""One small training run, the same in every process that makes it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import tiny
import torch
from peft import LoraConfig, get_peft_model

from builder.config import TrainingSection
from builder.training.loop import Run
from builder.training.packing import Branch, Tree

KILLED_AT = 5


def make_model(dropout: float = 0.0) -> Any:
    """The tiny model with a fresh adapter, the same at every call."""
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


def make_trees(count: int, first: int = 0) -> list[Tree]:
    """A task to learn: the answer repeats the question's letter."""
    rng = random.Random(first)  # noqa: S311 (made-up data)
    trees = []
    for number in range(first, first + count):
        prefix = tuple(rng.randrange(64) for _ in range(20))
        letters = [64 + (number + k) % 16 for k in range(3)]
        branches = tuple(Branch((100, letter, 101), (letter, letter, 257)) for letter in letters)
        trees.append(Tree(prefix, branches))
    return trees


def make(folder: Path, dropout: float = 0.0, **changes: Any) -> tuple[Any, Run, TrainingSection]:
    """Model, run and settings: ten steps of four trees, validated five times."""
    fields = {
        "learning_rate": 5e-3,
        "epochs": 3.0,
        "batch_tokens": 152,
        "micro_batch_tokens": 128,
        "max_minutes": 1e6,
        "validations": 5,
        "patience": 0,
    }
    run = Run(
        train=make_trees(14),
        validation=make_trees(3, first=100),
        folder=folder / ".run",
        fingerprint="this run",
        device="cpu",
    )
    return make_model(dropout), run, TrainingSection(dropout=dropout, **(fields | changes))

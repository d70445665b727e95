"""What a training will take: time, memory, energy, money, before it is begun."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.config import TrainingSection
from builder.training.loop import VALIDATION_TOKENS
from builder.training.pace import Pace, planned_steps, step_tokens
from builder.training.packing import Tree
from builder.training.schedule import up_to
from builder.training.sizes import Memory, Shape, memory_of

USABLE = 0.9
"""Share of the free memory that may be planned with."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The forecast. Early stopping can only make it less."""

    steps: int
    tokens: int
    """Tokens computed; passages that several questions share count once."""
    epochs: float
    """Epochs that the time limit allows of those wanted."""
    seconds: float
    memory: int
    """Bytes at the peak."""
    free: int
    disk: int
    watts: float
    hosted_tokens: int
    """What a service would bill that reads each question with its own passages."""

    @property
    def kwh(self) -> float:
        """Energy."""
        return self.watts * self.seconds / 3_600_000

    @property
    def fits(self) -> bool:
        """Whether the memory suffices."""
        return self.memory <= self.free * USABLE


@dataclass(frozen=True, slots=True)
class Hosted:
    """The price of fine-tuning at a service, as its page said on a day."""

    service: str
    models: str
    weights: int
    """For models of up to so many weights."""
    dollars_per_million_tokens: float
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be trained."""

    shape: Shape
    settings: TrainingSection
    train: Sequence[Tree]
    validation: Sequence[Tree]
    device: str

    def memory(self) -> Memory:
        """By the formulae."""
        longest = max(self.train, key=len)
        answers = max(tree.answer_tokens for tree in self.train)
        return memory_of(self.shape, self.settings, len(longest), answers, device=self.device)


def seconds_of(job: Job, pace: Pace) -> tuple[int, int, float]:
    """(steps, tokens, seconds) of the whole run."""
    watched = list(up_to(job.validation, VALIDATION_TOKENS))
    steps = planned_steps(job.train, watched, job.settings, pace)
    tokens = round(steps * step_tokens(job.train, job.settings))
    validations = min(job.settings.validations, steps) * pace.validation(watched)
    seconds = pace.loading + tokens / pace.training + validations + pace.ending
    return steps, tokens, seconds


def hosted_tokens(trees: Sequence[Tree], epochs: float) -> int:
    """Tokens of the same examples where each question has a prompt of its own."""
    rows = sum(len(t.prefix) * len(t.branches) + len(t) - len(t.prefix) for t in trees)
    return round(rows * epochs)


def hosted_prices(weights: int) -> tuple[Hosted, ...]:
    """Services that tune models of this size."""
    text = Path(__file__).with_name("prices.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["hosted"]
    found = [Hosted(**{**row, "date": row["date"].isoformat()}) for row in rows]
    return tuple(row for row in found if weights <= row.weights)


def remedies(job: Job, free: int) -> tuple[str, ...]:
    """Settings with which the job would fit, the mildest first."""
    settings = job.settings
    lower = settings.micro_batch_tokens // 2
    tries: list[tuple[str, dict[str, Any]]] = [
        (f"training.micro_batch_tokens = {lower}", {"micro_batch_tokens": lower}),
        ('training.method = "qlora"', {"method": "qlora", "rank": settings.rank or 16}),
        ("training.rank = 8", {"rank": 8}),
    ]
    out = []
    for words, change in tries:
        changed = replace(job, settings=settings.model_copy(update=change))
        memory = changed.memory()
        if "micro_batch_tokens" in change:
            memory = replace(memory, activations=memory.activations // 2)
        if memory.peak <= free * USABLE:
            out.append(words)
    return tuple(out) or (
        "a smaller model (`model.name`), fewer `retrieval.passages`, or a machine with more memory",
    )

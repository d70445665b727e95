"""A listening voice, and the pairs and settings of a small training run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tiny import make_chunk, make_pair

from builder.records import QAPair

CHUNKS = [make_chunk(f"c{n}", f"Rule {n}: the limit of case {n} is {n} days.") for n in range(6)]
TRAINING = {
    "rank": 8,
    "alpha": 16,
    "learning_rate": 1e-2,
    "epochs": 5.0,
    "batch_tokens": 1500,
    "micro_batch_tokens": 1500,
    "max_minutes": 1e6,
    "validations": 2,
    "patience": 0,
    "replay_share": 0.0,
}


@dataclass
class Listener:
    """A voice that remembers; `interrupt_at` presses Ctrl-C at a line of progress."""

    said: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    interrupt_at: int = 0

    def say(self, text: str) -> None:
        self.said.append(text)

    def progress(self, text: str) -> None:
        self.shown.append(text)
        if len(self.shown) == self.interrupt_at:
            raise KeyboardInterrupt


def make_pairs(first: int, count: int, **changes: Any) -> list[QAPair]:
    """Pairs about the chunks in turn, numbered from `first`."""
    pairs = []
    for number in range(first, first + count):
        words = {"question": f"Limit {number}?", "answer": f"{number % 6} days."}
        pairs.append(make_pair(number, f"c{number % 6}", **(words | changes)))
    return pairs

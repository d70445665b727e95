"""What a language model wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, and how many tokens that took (its end mark included)."""

    text: str
    tokens: int

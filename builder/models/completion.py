"""What a language model wrote, and what every engine that writes offers."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from builder.errors import ModelUnavailable

ASKERS = 8
"""Answers that an engine with common batches writes at once; more wait."""
ROOM = 8192
"""Tokens of all their prompts and answers at once, where the model allows so many for one."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, and how many tokens that took (its end mark included)."""

    text: str
    tokens: int


class Runtime(Protocol):
    """A model ready to answer, whatever computes it; asked from any number of threads."""

    tokenizer: Any

    def complete(self, prompts: Sequence[Sequence[int]], max_tokens: int) -> list[Completion]:
        """Greedy continuations, in the prompts' order."""
        ...

    def stream(self, prompt: Sequence[int], max_tokens: int) -> Generator[str]:
        """Pieces of one continuation as they come; closing the iterator stops the work."""
        ...

    def close(self) -> None:
        """Give back what it holds; the next question may take it again."""
        ...


def side_by_side(
    one: Callable[[Sequence[int]], Completion], prompts: Sequence[Sequence[int]]
) -> list[Completion]:
    """What `one` makes of each prompt, several at a time, in the prompts' order."""
    if len(prompts) < 2:
        return [one(prompt) for prompt in prompts]
    with ThreadPoolExecutor(min(ASKERS, len(prompts))) as pool:
        return list(pool.map(one, prompts))


def text_of(tokenizer: Any, ids: Sequence[int]) -> str:
    """The words, without marks."""
    text: str = tokenizer.decode(ids, skip_special_tokens=True)
    return text


def pieces(tokenizer: Any, tokens: Iterable[Sequence[int]]) -> Generator[str]:
    """The words of tokens that come a few at a time."""
    said: list[int] = []
    shown = ""
    for fresh in tokens:
        said += fresh
        text = text_of(tokenizer, said)
        if text.endswith("\ufffd") or not text.startswith(shown):
            continue  # a character of which the rest is still to come
        if len(text) > len(shown):
            yield text[len(shown) :]
            shown = text
    rest = text_of(tokenizer, said)
    if len(rest) > len(shown):
        yield rest[len(shown) :]


def check_room(prompt: Sequence[int], max_tokens: int, room: int, model: str) -> None:
    """Raises ModelUnavailable for a prompt that the model has no room for beside its answer."""
    if len(prompt) + max_tokens > room:
        raise ModelUnavailable(
            f"the prompt is too long for the model ({len(prompt)} tokens; it has room for "
            f"{room - max_tokens}).",
            model,
            "Lower `retrieval.passages` or `chunks.tokens` in bot.toml.",
        )


def usable_cores() -> int:
    """Physical cores that this process may use: more threads than that slow arithmetic down."""
    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(usable or 1, psutil.cpu_count(logical=False) or 1))

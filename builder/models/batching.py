"""What the engines that answer several askers in common batches share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from builder.errors import ModelUnavailable
from builder.models.completion import Completion

ASKERS = 8
"""Answers that an engine with common batches writes at once; more wait."""
ROOM = 8192
"""Tokens of all their prompts and answers at once, where the model allows so many for one."""


def side_by_side(
    one: Callable[[Sequence[int]], Completion], prompts: Sequence[Sequence[int]]
) -> list[Completion]:
    """What `one` makes of each prompt, several at a time, in the prompts' order."""
    if len(prompts) < 2:
        return [one(prompt) for prompt in prompts]
    with ThreadPoolExecutor(min(ASKERS, len(prompts))) as pool:
        return list(pool.map(one, prompts))


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

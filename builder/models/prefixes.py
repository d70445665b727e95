"""The beginning that prompts share (who the bot is, what it shall do), computed once.

Nobody names that beginning: it is what a prompt has in common with the one before it.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

SHORTEST = 16
"""Tokens; a shorter beginning is computed as fast as copied."""
LONGEST = 512
"""Tokens that are kept of one beginning: bounds the memory."""
KEPT = 2
"""Beginnings: with passages, and without."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Tokens, and the keys and values that the model has computed for them."""

    ids: tuple[int, ...] = ()
    cache: Any = None

    def copied(self, rows: int) -> Any:
        """For so many prompts at once; generating writes into it. None where there is none."""
        if self.cache is None:
            return None
        cache = copy.deepcopy(self.cache)
        if rows > 1:
            cache.batch_repeat_interleave(rows)
        return cache


class Prefixes:
    """The beginnings of one model's prompts; not for several threads at once."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._kept: list[Beginning] = []
        self._last: tuple[int, ...] = ()
        self._can = True

    def beginning(self, prompts: Sequence[Sequence[int]]) -> Beginning:
        """A known one that all prompts have, the longest; without ids where there is none."""
        shared = tuple(prompts[0])
        for prompt in prompts[1:]:
            shared = _common(shared, prompt)
        before, self._last = self._last, tuple(prompts[-1])
        usable = shared[: min(map(len, prompts)) - 1]  # one token at least is asked of the model
        fitting = [kept for kept in self._kept if usable[: len(kept.ids)] == kept.ids]
        if fitting:
            found = max(fitting, key=lambda kept: len(kept.ids))
        else:
            wanted = usable if len(prompts) > 1 else _common(usable, before)
            found = self._computed(wanted[:LONGEST])
        if found.ids:
            others = [kept for kept in self._kept if kept is not found]
            self._kept = [found, *others][:KEPT]
        return found

    def _computed(self, ids: tuple[int, ...]) -> Beginning:
        import torch

        if len(ids) < SHORTEST or not self._can:
            return Beginning()
        row = torch.tensor([ids], device=self._model.device)
        with torch.inference_mode():
            cache = self._model.generate(
                input_ids=row,
                attention_mask=torch.ones_like(row),
                max_new_tokens=1,
                do_sample=False,
                return_dict_in_generate=True,
            ).past_key_values
        self._can = _told_positions(self._model) and _all_in_sight(cache)
        return Beginning(ids, cache) if self._can else Beginning()


def _told_positions(model: Any) -> bool:
    """Whether gaps between a row's tokens don't count: a batch has them after the beginning."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return "position_ids" in inspect.signature(inner.forward).parameters


def _all_in_sight(cache: Any) -> bool:
    """Whether each layer sees all tokens, however far away: within a window, gaps would count."""
    from transformers.cache_utils import DynamicLayer

    return all(type(layer) is DynamicLayer for layer in getattr(cache, "layers", (None,)))


def _common(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    return tuple(token for token, _ in pairs)

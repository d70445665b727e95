"""What `benchmarks.runtimes` asks of an engine, and the part that engines of tokens share."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.models.catalog import ModelSource
from builder.models.completion import Completion, pieces, text_of

Tokens = Callable[[Sequence[int], int], Generator[int]]
"""(prompt, most tokens) → the tokens of a greedy answer, without its end mark."""


class NotHereError(Exception):
    """The engine can't be measured on this machine: why."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """The bot's tuned model, and its weights merged into the 4-bit numbers of the base."""

    source: ModelSource
    adapter: Path
    merged: Path
    """safetensors with the tokenizer."""
    prefix: int
    """Tokens that all prompts begin with."""
    threads: int
    scratch: Path
    """Where converted forms go."""

    def tokenizer(self) -> Any:
        """The model's own."""
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(self.merged)


class TokenEngine:
    """An engine of which only the tokens are asked; texts are made here."""

    def __init__(self, tokenizer: Any, tokens: Tokens) -> None:
        self.tokenizer = tokenizer
        self._tokens = tokens

    def complete(self, prompts: Sequence[Sequence[int]], max_tokens: int) -> list[Completion]:
        """Greedy continuations, in the prompts' order."""
        answers = [list(self._tokens(prompt, max_tokens)) for prompt in prompts]
        return [Completion(text_of(self.tokenizer, ids).strip(), len(ids)) for ids in answers]

    def stream(self, prompt: Sequence[int], max_tokens: int) -> Generator[str]:
        """Pieces of one continuation as they come."""
        with closing(self._tokens(prompt, max_tokens)) as tokens:
            yield from pieces(self.tokenizer, ([token] for token in tokens))

    def close(self) -> None:
        """Nothing to end: its process ends."""


def require(package: str) -> None:
    """Raises NotHereError where the package isn't installed."""
    if importlib.util.find_spec(package) is None:
        raise NotHereError(f"the package {package} is not installed")

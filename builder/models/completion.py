"""What a language model wrote, and what every engine that writes offers."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


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

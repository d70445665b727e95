"""Chunks that say the same: one is shown for all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.records import Chunk
from builder.text.terms import normalize, terms

SHINGLE = 5  # characters
SAME = 0.85
"""Share of common shingles (Jaccard) from which on two texts say the same."""
_WORDLESS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")
_TURNS = re.compile(
    r"not|no|never|cannot|\w+n't|without|except|only|unless|befor|after|until|must|may"
    r"|.*[なずぬ不無非未禁除但可否前後内外]",
)
"""Terms that turn a sentence's meaning: texts that differ in one are not the same."""


@dataclass(frozen=True, slots=True)
class _Sketch:
    shingles: frozenset[str]
    numbers: tuple[str, ...]
    text: str


class Distinct:
    """Tells whether a text has come before, word for word or nearly so.

    Other numbers, another negation, or another product make another text, however long the rest.
    """

    def __init__(self) -> None:
        self._seen: list[_Sketch] = []
        self._texts: set[str] = set()

    def is_new(self, chunk: Chunk) -> bool:
        """Whether the chunk's text is new; from then on it is known."""
        plain = _WORDLESS.sub("", normalize(chunk.model_text))
        text = plain or chunk.model_text
        if text in self._texts:
            return False
        if chunk.kind != "product":
            sketch = _sketch(chunk.model_text, plain)
            if any(_alike(sketch, other) for other in self._seen):
                return False
            self._seen.append(sketch)
        self._texts.add(text)
        return True


def _sketch(text: str, plain: str) -> _Sketch:
    shingles = frozenset(plain[at : at + SHINGLE] for at in range(max(1, len(plain) - SHINGLE + 1)))
    numbers = tuple(sorted(_NUMBER.findall(plain)))
    return _Sketch(shingles, numbers, text)


def _alike(one: _Sketch, other: _Sketch) -> bool:
    shorter, longer = sorted((len(one.shingles), len(other.shingles)))
    if one.numbers != other.numbers or shorter < SAME * longer:
        return False
    common = len(one.shingles & other.shingles)
    if common < SAME * (shorter + longer - common):
        return False
    differing = set(terms(one.text)) ^ set(terms(other.text))
    return not any(_TURNS.fullmatch(term) for term in differing)

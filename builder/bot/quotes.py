"""Verbatim pieces of passages: to show under an answer, and to answer with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.bot.units import Unit, told, units_of, with_list
from builder.records import Chunk, Citation, Passage
from builder.text.terms import content_terms, terms
from builder.text.values import values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Similarities = Callable[[str, Sequence[str]], "NDArray[np.float32]"]
"""(question, texts) → cosine of each text to the question."""

TERM_WEIGHT = 0.15  # of the question's terms that a unit holds, beside its cosine
RANK_WEIGHT = 0.01  # taken off for each place that the unit's passage stands behind the first


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of one passage, and the same as plain words."""

    chunk: Chunk
    verbatim: str
    plain: str

    def citation(self) -> Citation:
        """The citation that shows it."""
        return Citation(self.chunk.source, self.chunk.locator, self.verbatim)


def ranked_units(
    question: str, passages: Sequence[Passage], similarities: Similarities
) -> list[tuple[float, Unit]]:
    """(score, unit) of all the passages' units, the most likely to answer the question first."""
    units = [(rank, unit) for rank, p in enumerate(passages) for unit in units_of(p.chunk)]
    if not units:
        return []
    asked = content_terms(question)
    cosines = similarities(question, [unit.in_context for _, unit in units])
    scored = [
        (float(cosine) + TERM_WEIGHT * _share(asked, unit.in_context) - RANK_WEIGHT * rank, unit)
        for cosine, (rank, unit) in zip(cosines, units, strict=True)
    ]
    return sorted(scored, key=lambda item: -item[0])


def supporting(
    answer: str, chunk: Chunk, ranked: Sequence[tuple[float, Unit]]
) -> tuple[float, Unit]:
    """The passage's unit that shares most with the answer, with its score for the question."""
    said, numbers = set(terms(answer)), values(answer)

    def shared(item: tuple[float, Unit]) -> float:
        found = set(terms(item[1].plain))
        return 3 * len(numbers & values(item[1].plain)) + len(said & found) - 0.01 * len(found)

    return max((item for item in ranked if item[1].chunk.id == chunk.id), key=shared)


def quoted(question: str, unit: Unit) -> Quote:
    """The unit as an answer to the question, with the list that it leads in."""
    chosen = with_list(unit, units_of(unit.chunk))
    words = [told(one, question) for one in chosen]
    plain = "\n- ".join(words)  # the list that a sentence leads in stays a list
    return Quote(unit.chunk, unit.chunk.text[chosen[0].start : chosen[-1].end], plain)


def _share(asked: set[str], text: str) -> float:
    return len(asked & set(terms(text))) / len(asked) if asked else 0.0

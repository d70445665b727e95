"""Verbatim pieces of passages: to show under an answer, and to answer with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.bot.units import Unit, told, units_of, with_list
from builder.bot.verbatim import citations_of
from builder.products.attributes import column_names
from builder.records import Chunk, Citation, Passage
from builder.text.injections import instruction_spans, is_instruction
from builder.text.terms import content_terms, normalize, terms
from builder.text.values import values
from connectors.language import detect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Similarities = Callable[[str, Sequence[str]], "NDArray[np.float32]"]
"""(question, texts) → cosine of each text to the question."""

TERM_WEIGHT = 0.15  # of the question's terms that a unit holds, beside its cosine
NAMED_PRODUCT = 1.0  # a passage's score from here on: the question names its product
RANK_WEIGHT = 0.01  # taken off for each place that the unit's passage stands behind the first


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of one passage, and the same as plain words."""

    chunk: Chunk
    start: int
    end: int
    plain: str

    @property
    def verbatim(self) -> str:
        """The stretch itself."""
        return self.chunk.text[self.start : self.end]

    def citations(self) -> tuple[Citation, ...]:
        """The citations that show it, each one unbroken stretch of the source."""
        return citations_of(self.chunk, self.start, self.end)


def ranked_units(
    question: str, passages: Sequence[Passage], similarities: Similarities
) -> list[tuple[float, Unit]]:
    """(score, unit) of all the passages' units, the most likely to answer the question first."""
    if names_product(passages):
        passages = _about_named(question, passages)
        question = " ".join([question, *column_names(question, _names_of(passages))])
    units = [
        (rank, unit)
        for rank, p in enumerate(passages)
        for chunk in p.chunks
        for unit in units_of(chunk)
        if not _said_already(unit, question) and not _is_instruction(unit)
    ]
    if not units:
        return []
    asked = content_terms(question)
    cosines = similarities(question, [unit.in_context for _, unit in units])
    scored = [
        (float(cosine) + TERM_WEIGHT * _share(asked, unit.in_context) - RANK_WEIGHT * rank, unit)
        for cosine, (rank, unit) in zip(cosines, units, strict=True)
    ]
    return sorted(scored, key=lambda item: -item[0])


def names_product(passages: Sequence[Passage]) -> bool:
    """Whether a product that the question names is among the passages."""
    return any(p.chunk.kind == "product" and p.score >= NAMED_PRODUCT for p in passages)


def _about_named(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """Of the products only those that the question names, and their rows in its language where
    there are any."""
    named = [p for p in passages if p.chunk.kind == "product" and p.score >= NAMED_PRODUCT]
    spoken = [p for p in named if p.chunk.language == detect(question)]
    kept = {p.chunk.id for p in (spoken or named)}
    return [p for p in passages if p.chunk.kind != "product" or p.chunk.id in kept]


def _names_of(passages: Sequence[Passage]) -> str:
    """The names of the passages' products."""
    products = [p.chunk for p in passages if p.chunk.kind == "product"]
    return "\n".join(name for chunk in products for name in chunk.headings)


def _is_instruction(unit: Unit) -> bool:
    """Whether the unit, or what stands in one block with it, speaks to a model."""
    spans = instruction_spans(unit.chunk.text)
    return is_instruction(unit.verbatim) or any(s < unit.end and unit.start < e for s, e in spans)


def _said_already(unit: Unit, question: str) -> bool:
    """A product's line whose value the question holds (`SKU: K-210`) tells nothing new."""
    if unit.chunk.kind != "product" or ": " not in unit.searched:
        return False
    value = normalize(unit.searched.split(": ", 1)[1])
    return value in normalize(question)


def supporting(
    answer: str, chunk: Chunk, ranked: Sequence[tuple[float, Unit]]
) -> tuple[float, Unit]:
    """The passage's unit that shares most with the answer, with its score for the question."""
    said, numbers = set(terms(answer)), values(answer)

    def shared(item: tuple[float, Unit]) -> float:
        found = set(terms(item[1].plain))
        return 3 * len(numbers & values(item[1].plain)) + len(said & found) - 0.01 * len(found)

    return max((item for item in ranked if item[1].chunk.id == chunk.id), key=shared)


def quoted(question: str, unit: Unit, *, whole: bool = True) -> Quote:
    """The unit as an answer to the question, with the list that it leads in unless `whole` is
    False."""
    chosen = with_list(unit, units_of(unit.chunk)) if whole else [unit]
    safe = list(itertools.takewhile(lambda one: not _is_instruction(one), chosen))
    words = [told(one, question) for one in safe]
    plain = "\n- ".join(words)  # the list that a sentence leads in stays a list
    return Quote(unit.chunk, safe[0].start, safe[-1].end, plain)


def _share(asked: set[str], text: str) -> float:
    return len(asked & set(terms(text))) / len(asked) if asked else 0.0

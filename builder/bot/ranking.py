"""Which unit of the passages most likely answers a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.bot.rest_rows import rest_rows
from builder.bot.units import Unit, units_of
from builder.products.attributes import column_names
from builder.records import Passage
from builder.text.answer_types import tells
from builder.text.definitions import defines
from builder.text.injections import instruction_spans, is_instruction
from builder.text.ranges import is_covered
from builder.text.terms import content_terms, normalize, terms
from connectors.language import detect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Similarities = Callable[[str, Sequence[str]], "NDArray[np.float32]"]
"""(question, texts) → cosine of each text to the question."""

TERM_WEIGHT = 0.15  # of the question's terms that a unit holds, beside its cosine
RANK_WEIGHT = 0.01  # taken off for each place that the unit's passage stands behind the first
TYPE_WEIGHT = 0.05  # where the unit tells what is asked for: a time, a person, a definition, …
RANGE_WEIGHT = 0.04  # where the unit states a range that holds a quantity of the question
REST_WEIGHT = 0.05  # where it is the row for all that its table doesn't name
NAMED_PRODUCT = 1.0  # a passage's score from here on: the question names its product


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer the question."""

    unit: Unit
    likeness: float
    """Its cosine to the question and the share of the question's terms in it: what is weighed
    before the bot answers at all."""
    score: float
    """The same with what the question asks for: what the answer is chosen by."""


def ranked_units(
    question: str, passages: Sequence[Passage], similarities: Similarities, asked_for: str = ""
) -> list[Candidate]:
    """All the passages' units, the most likely to answer the question first. `asked_for`: the
    question that tells what is asked, where this one is only its rest (`And abroad?`)."""
    if names_product(passages):
        passages = _about_named(question, passages)
        question = " ".join([question, *column_names(question, _names_of(passages))])
    units = [
        (rank, unit)
        for rank, p in enumerate(passages)
        for chunk in p.chunks
        for unit in units_of(chunk)
        if not _said_already(unit, question) and not speaks_to_a_model(unit)
    ]
    if not units:
        return []
    cosines = similarities(question, [unit.in_context for _, unit in units])
    wanted = asked_for or question
    rest = rest_rows(question, [unit for _, unit in units])
    found = [
        _candidate(question, wanted, unit, float(cosine) - RANK_WEIGHT * rank, unit in rest)
        for cosine, (rank, unit) in zip(cosines, units, strict=True)
    ]
    return sorted(found, key=lambda candidate: -candidate.score)


def _candidate(question: str, wanted: str, unit: Unit, cosine: float, is_rest: bool) -> Candidate:
    text = unit.in_context
    asked = content_terms(question)
    share = len(asked & set(terms(text))) / len(asked) if asked else 0.0
    likeness = cosine + TERM_WEIGHT * share
    told = tells(wanted, text) + defines(wanted, text)
    fits = TYPE_WEIGHT * told + RANGE_WEIGHT * is_covered(wanted, text)
    return Candidate(unit, likeness, likeness + fits + REST_WEIGHT * is_rest)


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


def speaks_to_a_model(unit: Unit) -> bool:
    """Whether the unit, as it stands or as it is shown, or what stands in one block with it, speaks
    to a model."""
    spans = instruction_spans(unit.chunk.text)
    shown = (unit.verbatim, unit.plain, unit.plain.replace(": ", " "))
    return any(map(is_instruction, shown)) or any(
        start < unit.end and unit.start < end for start, end in spans
    )


def _said_already(unit: Unit, question: str) -> bool:
    """A product's line whose value the question holds (`SKU: K-210`) tells nothing new."""
    if unit.chunk.kind != "product" or ": " not in unit.searched:
        return False
    value = normalize(unit.searched.split(": ", 1)[1])
    return value in normalize(question)

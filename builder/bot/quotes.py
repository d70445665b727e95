"""Verbatim pieces of passages: to show under an answer, and to answer with."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from builder.bot.ranking import Candidate, speaks_to_a_model
from builder.bot.units import Unit, is_item, told, units_of, with_antecedent, with_lead, with_list
from builder.bot.verbatim import citations_of
from builder.records import Chunk, Citation
from builder.text.terms import terms
from builder.text.values import values


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


def supporting(answer: str, chunk: Chunk, ranked: Sequence[Candidate]) -> Candidate:
    """The passage's unit that shares most with the answer."""
    said, numbers = set(terms(answer)), values(answer)

    def shared(candidate: Candidate) -> float:
        plain = candidate.unit.plain
        found = set(terms(plain))
        return 3 * len(numbers & values(plain)) + len(said & found) - 0.01 * len(found)

    return max((one for one in ranked if one.unit.chunk.id == chunk.id), key=shared)


def quoted(question: str, unit: Unit, *, whole: bool = True) -> Quote:
    """The unit as an answer to the question; unless `whole` is False with the list that it leads in
    or is an item of, or with the sentence that it leans on."""
    chosen = [unit]
    if whole:
        units = units_of(unit.chunk)
        ways = (with_list, with_lead, with_antecedent)
        chosen = next((out for way in ways if len(out := way(unit, units)) > 1), [unit])
    safe = list(itertools.takewhile(lambda one: not speaks_to_a_model(one), chosen))
    if unit not in safe:  # cut off by what stands before it in the list
        safe = [unit]
    words = [told(one, question) for one in safe]
    return Quote(unit.chunk, safe[0].start, safe[-1].end, _joined(safe, words))


def _joined(units: Sequence[Unit], words: Sequence[str]) -> str:
    """The list that a sentence leads in stays a list; other sentences go on in their line."""
    out = words[0]
    for unit, text in zip(units[1:], words[1:], strict=True):
        gap = "\n- " if is_item(unit) else " " if out[-1].isascii() else ""
        out += gap + text
    return out

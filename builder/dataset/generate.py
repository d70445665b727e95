"""Chunks and products to question-answer pairs, by the generators of one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from builder.config import DatasetSection
from builder.dataset.drafts import Finder, word_pairs
from builder.dataset.generators.catalog import find_product_facts, in_its_language
from builder.dataset.generators.conditions_en import find_conditions
from builder.dataset.generators.conditions_ja import find_conditions_ja
from builder.dataset.generators.contacts import find_contacts
from builder.dataset.generators.definitions import find_definitions
from builder.dataset.generators.faq import find_faq
from builder.dataset.generators.gaps_ja import find_gaps
from builder.dataset.generators.lists import find_lists
from builder.dataset.generators.no_answer import no_answer_pairs
from builder.dataset.generators.numbers_en import find_numbers
from builder.dataset.generators.purposes_en import find_purposes
from builder.dataset.generators.rules_en import find_rules
from builder.dataset.generators.rules_ja import find_rules_ja
from builder.dataset.generators.sections import find_sections
from builder.dataset.generators.table import find_tables
from builder.dataset.generators.teacher import Teacher, TeacherGenerator
from builder.dataset.templates import load_wordings
from builder.records import CatalogEntry, Chunk, QAPair

_BOTH = ("en", "ja")
FINDERS: tuple[tuple[str, Finder, tuple[str, ...]], ...] = (
    ("faq", find_faq, _BOTH),
    ("structure", find_definitions, _BOTH),
    ("structure", find_tables, _BOTH),
    ("structure", find_lists, _BOTH),
    ("structure", find_contacts, _BOTH),
    ("structure", find_numbers, ("en",)),
    ("structure", find_gaps, ("ja",)),
    ("structure", find_conditions, ("en",)),
    ("structure", find_conditions_ja, ("ja",)),
    ("structure", find_rules, ("en",)),
    ("structure", find_rules_ja, ("ja",)),
    ("structure", find_purposes, ("en",)),
    ("structure", find_sections, _BOTH),
)
"""(generator as named in each pair, what finds its facts, languages). A new one is one line."""


class Generator(Protocol):
    """Writes the pairs of one chunk."""

    def pairs(self, chunk: Chunk) -> Iterator[QAPair]: ...


@dataclass(frozen=True, slots=True)
class FactGenerator:
    """Words the facts that a finder sees in a chunk of prose, lists or tables."""

    name: str
    finder: Finder
    languages: tuple[str, ...]
    wordings: int

    def pairs(self, chunk: Chunk) -> Iterator[QAPair]:
        if chunk.language not in self.languages or chunk.kind == "product":
            return
        book = load_wordings(chunk.language)
        for draft in self.finder(chunk):
            yield from word_pairs(chunk, draft, self.name, book, self.wordings)


@dataclass(frozen=True, slots=True)
class CatalogGenerator:
    """Words the facts of a product's row."""

    entries: dict[str, CatalogEntry]
    wordings: int

    def pairs(self, chunk: Chunk) -> Iterator[QAPair]:
        entry = self.entries.get(chunk.id)
        if entry is None:
            return
        entry = in_its_language(entry)
        for draft in find_product_facts(entry):
            book = load_wordings(entry.chunk.language)
            yield from word_pairs(entry.chunk, draft, "catalog", book, self.wordings)


def generators(
    catalog: Sequence[CatalogEntry], settings: DatasetSection, teacher: Teacher | None
) -> tuple[Generator, ...]:
    """All generators that a chunk goes through."""
    made: list[Generator] = [
        FactGenerator(name, finder, languages, settings.wordings)
        for name, finder, languages in FINDERS
    ]
    entries = {entry.chunk.id: entry for entry in catalog}
    made.append(CatalogGenerator(entries, settings.wordings))
    if teacher is not None:
        made.append(TeacherGenerator(teacher, settings.wordings))
    return tuple(made)


def generate(
    chunks: Sequence[Chunk],
    catalog: Sequence[CatalogEntry],
    settings: DatasetSection,
    teacher: Teacher | None = None,
) -> Iterator[QAPair]:
    """Every pair of every chunk, then the share of questions that the documents do not answer."""
    known = {chunk.id for chunk in chunks}
    everything = [*chunks, *(e.chunk for e in catalog if e.chunk.id not in known)]
    made = generators(catalog, settings, teacher)
    answerable = 0
    for chunk in everything:
        for generator in made:
            for pair in generator.pairs(chunk):
                answerable += 1
                yield pair
    share = settings.no_answer_share
    count = round(min(answerable, settings.max_pairs) * share / (1 - share))
    yield from no_answer_pairs(everything, catalog, count, settings.seed)

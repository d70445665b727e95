"""Chunks and products to question-answer pairs, by the generators of one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from builder.config import DatasetSection, GeneratorName
from builder.dataset.drafts import Draft, Finder, word_pairs
from builder.dataset.focus import ALIKE, Shares
from builder.dataset.generators.catalog import find_product_facts, in_its_language
from builder.dataset.generators.conditions_en import find_conditions
from builder.dataset.generators.conditions_ja import find_conditions_ja
from builder.dataset.generators.contacts import find_contacts
from builder.dataset.generators.corrections import RatedAnswer, correction_pairs
from builder.dataset.generators.definitions import find_definitions
from builder.dataset.generators.faq import find_faq, is_listed
from builder.dataset.generators.followups import followup_pairs
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
from builder.dataset.generators.two_passages import two_passage_pairs
from builder.dataset.templates import load_wordings
from builder.records import CatalogEntry, Chunk, QAPair

_BOTH = ("en", "ja")
FINDERS: tuple[tuple[GeneratorName, Finder, tuple[str, ...]], ...] = (
    ("faq", find_faq, _BOTH),
    ("definitions", find_definitions, _BOTH),
    ("tables", find_tables, _BOTH),
    ("lists", find_lists, _BOTH),
    ("contacts", find_contacts, _BOTH),
    ("numbers", find_numbers, ("en",)),
    ("numbers", find_gaps, ("ja",)),
    ("conditions", find_conditions, ("en",)),
    ("conditions", find_conditions_ja, ("ja",)),
    ("rules", find_rules, ("en",)),
    ("rules", find_rules_ja, ("ja",)),
    ("purposes", find_purposes, ("en",)),
    ("sections", find_sections, _BOTH),
)
"""(generator as named in `[dataset] weights`, what finds its facts, languages)."""


class Generator(Protocol):
    """Finds the facts of one chunk."""

    @property
    def name(self) -> GeneratorName: ...

    def drafts(self, chunk: Chunk) -> Iterator[Draft]: ...


@dataclass(frozen=True, slots=True)
class FactGenerator:
    """The facts that a finder sees in a chunk of prose, lists or tables."""

    name: GeneratorName
    finder: Finder
    languages: tuple[str, ...]

    def drafts(self, chunk: Chunk) -> Iterator[Draft]:
        if chunk.language not in self.languages or chunk.kind == "product":
            return
        if self.finder is not find_faq and is_listed(chunk):
            return  # somebody chose the question already
        yield from self.finder(chunk)


@dataclass(frozen=True, slots=True)
class CatalogGenerator:
    """The facts of a product's row."""

    entries: Mapping[str, CatalogEntry]
    name: GeneratorName = "catalog"

    def drafts(self, chunk: Chunk) -> Iterator[Draft]:
        if entry := self.entries.get(chunk.id):
            yield from find_product_facts(entry)


@dataclass(frozen=True, slots=True)
class Material:
    """What pairs are made from."""

    chunks: Sequence[Chunk]
    catalog: Sequence[CatalogEntry] = ()
    rated: Sequence[RatedAnswer] = ()
    """What users said of earlier answers."""


def generators(catalog: Sequence[CatalogEntry], shares: Shares) -> tuple[Generator, ...]:
    """All finders that a chunk goes through, but for those that are turned off."""
    entries = {entry.chunk.id: in_its_language(entry) for entry in catalog}
    made: list[Generator] = [FactGenerator(*line) for line in FINDERS]
    made.append(CatalogGenerator(entries))
    return tuple(generator for generator in made if shares.of(generator.name))


def generate(
    material: Material,
    settings: DatasetSection,
    shares: Shares = ALIKE,
    teacher: Teacher | None = None,
) -> Iterator[QAPair]:
    """Every pair of every chunk; then those that need more than one chunk; then what users
    corrected; then the share of questions that the documents do not answer."""
    chunks = _everything(material)
    kept: list[QAPair] = []
    for pair in _of_chunks(chunks, material, settings, shares):
        kept.append(pair)
        yield pair
    if teacher is not None and shares.of("teacher"):
        for pair in TeacherGenerator(teacher, settings.wordings).pairs(chunks):
            kept.append(pair)
            yield pair
    total = min(sum(pair.answerable for pair in kept), settings.max_pairs)
    if shares.of("two_passages"):
        most = round(total * settings.two_passage_share * shares.of("two_passages"))
        yield from two_passage_pairs(kept, material.catalog, most, settings.seed)
    if shares.of("corrections"):
        yield from correction_pairs(material.rated, chunks)
    if shares.of("no_answer"):
        share = settings.no_answer_share
        count = round(total * share / (1 - share))
        yield from no_answer_pairs(chunks, material.catalog, count, settings.seed)


def _everything(material: Material) -> list[Chunk]:
    known = {chunk.id for chunk in material.chunks}
    return [*material.chunks, *(e.chunk for e in material.catalog if e.chunk.id not in known)]


def _of_chunks(
    chunks: Sequence[Chunk], material: Material, settings: DatasetSection, shares: Shares
) -> Iterator[QAPair]:
    made = generators(material.catalog, shares)
    languages = {e.chunk.id: in_its_language(e).chunk for e in material.catalog}
    share = settings.followup_share * shares.of("followups")
    for raw in chunks:
        chunk = languages.get(raw.id, raw)
        if chunk.language not in ("en", "ja"):
            continue
        book = load_wordings(chunk.language)
        found = [(each.name, draft) for each in made for draft in each.drafts(chunk)]
        for name, draft in found:
            yield from word_pairs(chunk, draft, name, book, settings.wordings)
        if share:
            drafts = [draft for _, draft in found]
            # The budget takes its share of them: here are enough to choose from.
            yield from followup_pairs(chunk, drafts, book, max(1, round(4 * share * len(drafts))))

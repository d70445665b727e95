"""How well passages support a question or an answer; decided here, never left to the model."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from builder.bot.units import Unit
from builder.knowledge.products import key_of
from builder.records import Chunk, Passage
from builder.text.sentences import sentences
from builder.text.terms import ENGLISH_STOP_WORDS, content_terms, terms
from builder.text.values import unsupported_values, values

# Logistic of the best passage's cosine and of the best unit's score. E5 cosines lie close together;
# on the Japanese handbook's questions they refuse 7 % of the answerable and two thirds
# of the others at 0.4 (`python -m benchmarks.refusing`).
CENTRE = 1.3
SLOPE = 60.0
UNIT_WEIGHT = 0.5
MIN_TERM_SUPPORT = 0.7
MAX_SENTENCES = 4
FILLERS = frozenset({"yes", "no", "question", "answer", "check", "passage", "document", "give"})
_CAPITALS = re.compile(r"(?<=[a-z,;:] )[A-Z][\w-]+(?: [A-Z][\w-]+)*")
_PART_NUMBER = re.compile(r"[A-Z]{1,4}-?\d{2,}")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")


def confidence(passages: Sequence[Passage], best_unit: float) -> float:
    """How likely (0…1) the passages answer the question at all; `best_unit` is the highest score of
    a unit in them (`quotes.ranked_units`)."""
    if not passages:
        return 0.0
    similarity = max(passage.similarity for passage in passages[:3])
    found = similarity + UNIT_WEIGHT * best_unit
    return 1.0 / (1.0 + math.exp(-SLOPE * (found - CENTRE)))


def term_support(answer: str, chunk: Chunk, question: str = "") -> float:
    """Share (0…1) of the answer's content terms that the passage holds, those of the question left
    out; 0 for an answer without any."""
    said = content_terms(answer) - set(terms(question))
    return len(said & set(terms(readable(chunk)))) / len(said) if said else 0.0


def is_supported(answer: str, chunk: Chunk, question: str = "") -> bool:
    """Every number, code, address and name of the answer stands in the passage, and nearly all its
    words do too, or come from the question."""
    return not unsupported_values(answer, readable(chunk)) and (
        not names(answer) - set(terms(readable(chunk)))
        and term_support(answer, chunk, question) >= MIN_TERM_SUPPORT
    )


def names_unknown(question: str, chunks: Sequence[Chunk]) -> bool:
    """Whether the question names a part number that none of the passages holds: what is said there
    is said of another thing."""
    codes = {value for value in values(question) if _PART_NUMBER.match(value)}
    found = {key_of(value) for chunk in chunks for value in values(readable(chunk))}
    return any(key_of(code) not in found for code in codes)


def rests_on(answer: str, units: Sequence[Unit]) -> bool:
    """Whether each sentence's values stand together in one unit: a number of another line is no
    support. Answers that repeat themselves or run on rest on nothing."""
    said = sentences(answer)
    if len(said) > MAX_SENTENCES or len(set(said)) < len(said):
        return False
    return all(
        any(not unsupported_values(sentence, _around(unit)) for unit in units) for sentence in said
    )


def _around(unit: Unit) -> str:
    return "\n".join((unit.chunk.title, *unit.chunk.headings, unit.heading, unit.plain))


def says_something(answer: str, question: str) -> bool:
    """Whether the answer tells anything that the question did not say already."""
    said = set(terms(answer)) - ENGLISH_STOP_WORDS
    return bool(said - set(terms(question)) - FILLERS)


def names(text: str) -> set[str]:
    """Terms of words that look like names: capitals inside an English sentence, katakana."""
    found = {term for word in _CAPITALS.findall(text) for term in terms(word)}
    return found | {term for word in _KATAKANA.findall(text) for term in terms(word)}


def readable(chunk: Chunk) -> str:
    """All text of a chunk that an answer may lean on: title, headings, text in both forms."""
    return "\n".join((chunk.title, *chunk.headings, chunk.model_text, chunk.text))

"""How well passages support a question or an answer; decided here, never left to the model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from builder.bot.units import Unit
from builder.knowledge.products import key_of
from builder.records import Chunk
from builder.text.injections import without_instructions
from builder.text.sentences import sentences
from builder.text.terms import ENGLISH_STOP_WORDS, content_terms, terms
from builder.text.values import unsupported_values, values

MIN_TERM_SUPPORT = 0.7
MIN_UNIT_SUPPORT = 0.6
"""Share of the answer's content terms that the sentences it rests on hold. This and the next were
chosen on the answers of the tuned embedded model to the English handbook's questions, where 36 % of
its accepted answers held the expected string before, and 46 % after."""
MIN_VERDICT_SUPPORT = 0.5
"""Share of the question's content terms that these hold, where the answer says yes or no."""
MAX_SENTENCES = 4
FILLERS = frozenset({"yes", "no", "question", "answer", "check", "passage", "document", "give"})
_CAPITALS = re.compile(r"(?<=[a-z,;:] )[A-Z][\w-]+(?: [A-Z][\w-]+)*")
_PART_NUMBER = re.compile(r"[A-Z]{1,4}-?\d{2,}")
_VERDICT = re.compile(r"(?:yes|no)\b|はい|いいえ", re.IGNORECASE)
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")


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


def is_borne_out(answer: str, units: Sequence[Unit], shown: Sequence[Chunk], question: str) -> bool:
    """Whether the units say what the answer says: most of its words, the question's among them,
    stand there; no word comes from nowhere; a yes or no is about what was asked."""
    there = {term for unit in units for term in terms(_around(unit))}
    said = content_terms(answer) - FILLERS
    if not said or len(said & there) / len(said) < MIN_UNIT_SUPPORT:
        return False
    known = {term for chunk in shown for term in terms(readable(chunk))} | set(terms(question))
    if any(term.isascii() and term.isalpha() for term in said - known):
        return False
    asked = content_terms(question)
    verdict = _VERDICT.match(answer)
    return not verdict or not asked or len(asked & there) / len(asked) >= MIN_VERDICT_SUPPORT


def says_something(answer: str, question: str) -> bool:
    """Whether the answer tells anything that the question did not say already."""
    if answer.rstrip().endswith(("?", "？")):
        return False
    said = set(terms(answer)) - ENGLISH_STOP_WORDS
    return bool(said - set(terms(question)) - FILLERS)


def names(text: str) -> set[str]:
    """Terms of words that look like names: capitals inside an English sentence, katakana."""
    found = {term for word in _CAPITALS.findall(text) for term in terms(word)}
    return found | {term for word in _KATAKANA.findall(text) for term in terms(word)}


def readable(chunk: Chunk) -> str:
    """All text of a chunk that an answer may lean on: title, headings, text in both forms."""
    parts = (chunk.title, *chunk.headings, chunk.model_text, chunk.text)
    return "\n".join(without_instructions(part) for part in parts)

"""How well passages support a question or an answer; decided here, never left to the model."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from builder.records import Chunk, Passage
from builder.text.terms import ENGLISH_STOP_WORDS, content_terms, terms
from builder.text.values import unsupported_values

# Logistic of the passage's cosine and a little of its term overlap. E5 cosines lie close together;
# on the two handbooks' questions these constants refuse a tenth of the answerable and two thirds of
# the others at 0.5 (`python -m benchmarks.refusing`).
SIMILARITY_CENTRE = 0.865
SLOPE = 80.0
OVERLAP_WEIGHT = 0.02
MIN_TERM_SUPPORT = 0.7
FILLERS = frozenset({"yes", "no", "question", "answer", "check", "passage", "document", "give"})
_CAPITALS = re.compile(r"(?<=[a-z,;:] )[A-Z][\w-]+(?: [A-Z][\w-]+)*")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")


def confidence(passages: Sequence[Passage]) -> float:
    """How likely (0…1) the passages answer the question at all."""
    if not passages:
        return 0.0
    return max(_logistic(passage) for passage in passages[:3])


def _logistic(passage: Passage) -> float:
    found = passage.similarity + OVERLAP_WEIGHT * passage.overlap
    return 1.0 / (1.0 + math.exp(-SLOPE * (found - SIMILARITY_CENTRE)))


def term_support(answer: str, chunk: Chunk) -> float:
    """Share (0…1) of the answer's content terms that the passage holds; 0 for an empty answer."""
    said = content_terms(answer)
    return len(said & set(terms(readable(chunk)))) / len(said) if said else 0.0


def is_supported(answer: str, chunk: Chunk) -> bool:
    """Every number, code, address and name of the answer stands in the passage, and nearly all its
    words do too."""
    text = readable(chunk)
    if unsupported_values(answer, text) or names(answer) - set(terms(text)):
        return False
    return term_support(answer, chunk) >= MIN_TERM_SUPPORT


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

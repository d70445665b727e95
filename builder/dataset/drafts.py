"""A fact that a generator found, before it is worded as questions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from builder.dataset.templates import Wordings
from builder.records import Chunk, QAPair
from builder.text.terms import content_terms


@dataclass(frozen=True, slots=True)
class Draft:
    """One fact of a chunk: the slots of its questions, the answer, and where it stands."""

    kind: str
    family: str
    """Which group of wordings asks for it."""
    answer: str
    quote: str
    slots: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""
    """Said in the question where the question alone does not name what it is about."""


Finder = Callable[[Chunk], Iterator[Draft]]


def word_pairs(
    chunk: Chunk, draft: Draft, generator: str, wordings: Wordings, count: int
) -> Iterator[QAPair]:
    """The fact as up to `count` pairs, each with another wording of the question."""
    key = "\x1f".join((chunk.id, draft.kind, draft.quote, draft.answer))
    fact = _digest(key)
    for question in wordings.questions(draft.family, draft.slots, fact, count):
        asked = _anchored(question, draft.topic, fact, wordings)
        yield QAPair(
            id=_digest(fact + asked),
            question=asked,
            answer=draft.answer,
            quote=draft.quote,
            chunk_id=chunk.id,
            document_id=chunk.document_id,
            source=chunk.source,
            locator=chunk.locator,
            language=chunk.language,
            kind=draft.kind,
            generator=generator,
            fact=fact,
        )


def _anchored(question: str, topic: str, fact: str, wordings: Wordings) -> str:
    if not topic or content_terms(topic) & content_terms(question):
        return question
    slots = {"topic": topic, "question": question}
    return wordings.questions("context", slots, fact + question, 1)[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""A fact that a generator found, before it is worded as questions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from builder.dataset.templates import Wordings
from builder.records import Chunk, Message, QAPair
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
    key: str = ""
    """Tells apart two facts of one sentence."""
    wordings: tuple[str, ...] = ()
    """Questions to take instead of the family's, best first."""


Finder = Callable[[Chunk], Iterator[Draft]]


def word_pairs(
    chunk: Chunk, draft: Draft, generator: str, wordings: Wordings, count: int
) -> Iterator[QAPair]:
    """The fact as up to `count` pairs, each with another wording of the question."""
    # The same question about two passages must be worded alike, so that the filters see it.
    for asked in _questions(draft, _seed(draft), wordings, count):
        yield pair_of(chunk, draft, asked, generator)


def pair_of(
    chunk: Chunk, draft: Draft, asked: str, generator: str, history: tuple[Message, ...] = ()
) -> QAPair:
    """The fact asked by one question. Its id hangs on the conversation before it, too."""
    fact = digest("\x1f".join((chunk.id, draft.kind, draft.key, draft.quote, draft.answer)))
    before = "".join(turn.content for turn in history)
    return QAPair(
        id=digest(fact + before + asked),
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
        history=history,
    )


def first_question(draft: Draft, wordings: Wordings) -> str:
    """The fact's first wording, which names its subject."""
    return _questions(draft, _seed(draft), wordings, 1)[0]


def plain_question(draft: Draft, wordings: Wordings) -> str:
    """A wording that leaves the draft's topic out; empty where each one names it."""
    if not draft.topic or draft.wordings:
        return ""
    asked = wordings.questions(draft.family, draft.slots, _seed(draft), 1)[0]
    return asked if _unnamed(asked, draft.topic) else ""


def _seed(draft: Draft) -> str:
    return "\x1f".join((draft.family, draft.topic, *sorted(draft.slots.values())))


def _questions(draft: Draft, seed: str, wordings: Wordings, count: int) -> list[str]:
    """The document's own question comes first, then its rewordings, then the family's."""
    slots = draft.slots
    if draft.wordings:
        made = [slots["question"], *draft.wordings]
    elif "question" in slots and _unnamed(slots["question"], draft.topic):
        # One frame around a question is enough: the one that names the subject.
        asked = _marked(slots["question"])
        made = wordings.questions("context", {"question": asked, "topic": draft.topic}, seed, count)
    else:
        made = []
    made += wordings.questions(draft.family, slots, seed, count)
    anchored = [_anchored(question, draft.topic, seed, wordings) for question in made]
    return list(dict.fromkeys(anchored))[:count]


def _marked(question: str) -> str:
    """The slot of a Japanese question ends with `か`: by itself it needs its mark."""
    return question + "？" if question.endswith("か") else question


def _anchored(question: str, topic: str, seed: str, wordings: Wordings) -> str:
    if not _unnamed(question, topic):
        return question
    slots = {"topic": topic, "question": question}
    return wordings.questions("context", slots, seed + question, 1)[0]


def _unnamed(question: str, topic: str) -> bool:
    """Whether a question leaves out most of what its subject is called by."""
    words = content_terms(topic)
    return bool(words) and 2 * len(words & content_terms(question)) < len(words)


def digest(text: str) -> str:
    """A stable id: 16 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""A small made-up company: questions, passages and a bot that answers them by the book."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.records import Answer, Arm, Chunk, Citation, GoldQuestion, Passage, Question


def make_chunk(source: str, text: str) -> Chunk:
    return Chunk(
        id=f"{source}-{len(text)}",
        document_id=source,
        source=source,
        title=source,
        locator="page 1",
        headings=(),
        language="en",
        kind="prose",
        text=text,
        model_text=text,
        spans=((0, 0, len(text)),),
        tokens=len(text) // 4,
    )


def make_passage(source: str, text: str) -> Passage:
    return Passage(make_chunk(source, text), score=1.0, similarity=0.9, overlap=0.5)


def make_gold(number: int, **changes: object) -> GoldQuestion:
    """Answerable question `number`, or another with the changes."""
    fields: dict[str, object] = {
        "question": Question(f"q{number}", f"How many days is warranty {number}?"),
        "answer": f"Warranty {number} lasts {number + 30} days.",
        "accepted": (f"{number + 30} days",),
        "sources": (f"warranty-{number}.md",),
        "evidence": f"lasts {number + 30} days",
        "answerable": True,
        "kind": "number",
        "language": "en",
    }
    return GoldQuestion(**(fields | changes))  # type: ignore[arg-type]


def make_unanswerable(number: int) -> GoldQuestion:
    return make_gold(
        number,
        answer="The documents do not say.",
        accepted=(),
        sources=(),
        evidence="",
        answerable=False,
        kind="no-answer",
    )


def make_answer(gold: GoldQuestion, arm: Arm, **changes: object) -> Answer:
    """The right, cited answer to an answerable question, or another with the changes."""
    source = gold.sources[0] if gold.sources else "other.md"
    passage = make_passage(source, f"{gold.answer} More text.")
    searched = arm in ("rag", "tuned+rag")
    fields: dict[str, object] = {
        "id": gold.question.id,
        "question": gold.question.text,
        "answer": gold.answer,
        "refused": False,
        "citations": (Citation(source, "page 1", gold.answer),) if searched else (),
        "verified": searched,
        "arm": arm,
        "seconds": 0.5,
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "model_answer": gold.answer,
        "passages": (passage,) if searched else (),
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]


def make_refusal(gold: GoldQuestion, arm: Arm) -> Answer:
    return make_answer(
        gold,
        arm,
        answer="The documents do not say.",
        refused=True,
        citations=(),
        verified=False,
        origin="refusal",
        model_answer="",
    )


@pytest.fixture
def passage() -> Callable[[str, str], Passage]:
    return make_passage


@pytest.fixture
def gold() -> Callable[..., GoldQuestion]:
    return make_gold


@pytest.fixture
def unanswerable() -> Callable[[int], GoldQuestion]:
    return make_unanswerable


@pytest.fixture
def answer() -> Callable[..., Answer]:
    return make_answer


@pytest.fixture
def refusal() -> Callable[[GoldQuestion, Arm], Answer]:
    return make_refusal

"""Answers that users rated: liked ones as they were given, others as staff corrected them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.dataset.drafts import digest
from builder.records import Chunk, QAPair
from builder.text.sentences import sentence_spans
from builder.text.terms import content_terms

_LEAST_SHARED = 0.34


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """A question that a user asked, with the answer as it should have been."""

    question: str
    answer: str
    """What the user liked, or what was written in place of the bot's words."""
    language: str
    chunk_ids: tuple[str, ...]
    """What was retrieved for the question, best first."""


def correction_pairs(rated: Sequence[RatedAnswer], chunks: Sequence[Chunk]) -> Iterator[QAPair]:
    """One pair a rated answer. Its passage is the one that says most of the answer; without one
    the pair has none, and the filters reject and count it: a remark is no answer."""
    known = {chunk.id: chunk for chunk in chunks}
    for item in rated:
        near = [known[i] for i in item.chunk_ids if i in known]
        best = max(near, key=lambda chunk: _shared(item.answer, chunk.model_text), default=None)
        if best is None:
            continue  # what it was about is gone, or may not be learned from
        quote = _quote(item.answer, best)
        fact = digest(f"{best.id}\x1fcorrection\x1f{item.question}")
        yield QAPair(
            id=digest(fact + item.answer),
            question=item.question,
            answer=item.answer,
            quote=quote,
            chunk_id=best.id,
            document_id=best.document_id,
            source=best.source,
            locator=best.locator,
            language=item.language,
            kind="correction",
            generator="corrections",
            fact=fact,
        )


def _quote(answer: str, chunk: Chunk) -> str:
    """The sentence of the passage that shares most with the answer; empty where little is."""
    text = chunk.model_text
    spans = [text[start:end] for start, end in sentence_spans(text)]
    best = max(spans, key=lambda sentence: _shared(answer, sentence), default="")
    return best if _shared(answer, best) >= _LEAST_SHARED else ""


def _shared(answer: str, text: str) -> float:
    """Share of the answer's words that the text holds."""
    wanted = content_terms(answer)
    return len(wanted & content_terms(text)) / len(wanted) if wanted else 0.0

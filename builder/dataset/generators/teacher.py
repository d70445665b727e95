"""Pairs that a larger model writes: prompts from `prompts/`, answers as JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from builder.dataset.templates import fill_template
from builder.records import Chunk, Message, QAPair

_FOLDER = Path(__file__).parents[1] / "prompts"
_KEYS = ("question", "answer", "quote")


class Teacher(Protocol):
    """A language model that answers conversations."""

    def complete_many(self, conversations: Sequence[Sequence[Message]]) -> Iterator[str]:
        """One reply a conversation, in their order; empty once the budget is spent."""


@dataclass(frozen=True, slots=True)
class TeacherGenerator:
    """Asks the teacher for `count` pairs a chunk.

    A line that is no pair becomes a pair without a question: the filters reject and count it.
    """

    teacher: Teacher
    count: int

    def pairs(self, chunks: Sequence[Chunk]) -> Iterator[QAPair]:
        """The teacher's pairs of all chunks that may leave the house: what not everybody may read
        is sent to nobody."""
        asked = [c for c in chunks if not c.groups and c.language in ("en", "ja")]
        prompts = [[Message("user", teacher_prompt(chunk, self.count))] for chunk in asked]
        for chunk, reply in zip(asked, self.teacher.complete_many(prompts), strict=True):
            lines = [line for line in reply.splitlines() if line.strip(" `\t") not in ("", "json")]
            for number, line in enumerate(lines):
                question, answer, quote = _parsed(line)
                yield _pair(chunk, number, question, answer, quote)


def teacher_prompt(chunk: Chunk, count: int) -> str:
    """The prompt for one chunk; raises ConfigError where the template has an unknown variable."""
    name = f"teacher_{chunk.language}.txt"
    values = {
        "title": chunk.title,
        "section": " › ".join(chunk.headings) or "-",
        "passage": chunk.model_text,
        "count": str(count),
    }
    return fill_template(_template(name), values, f"prompts/{name}")


@cache
def _template(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _parsed(line: str) -> tuple[str, str, str]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        return "", line, ""
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in _KEYS):
        return "", line, ""
    return value["question"].strip(), value["answer"].strip(), value["quote"].strip()


def _pair(chunk: Chunk, number: int, question: str, answer: str, quote: str) -> QAPair:
    fact = hashlib.sha256(f"{chunk.id}\x1fteacher\x1f{answer}".encode()).hexdigest()[:16]
    return QAPair(
        id=hashlib.sha256(f"{fact}{number}{question}".encode()).hexdigest()[:16],
        question=question,
        answer=answer,
        quote=quote,
        chunk_id=chunk.id,
        document_id=chunk.document_id,
        source=chunk.source,
        locator=chunk.locator,
        language=chunk.language,
        kind="section",
        generator="teacher",
        fact=fact,
    )

"""`ask` and `retrieve`: one question, or a file of them; the JSON forms are a contract."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.bot.service import Bot, open_bot
from builder.cli.terminal import Terminal, harmless
from builder.errors import UsageError
from builder.jsonl import from_object
from builder.records import Answer, Message, Passage, Question
from builder.workspace import atomic_file

BATCH = 8


def ask(options: argparse.Namespace) -> int:
    """Answer a question, or every question of a file."""
    questions = _questions(options)
    terminal = Terminal()
    bot = open_bot(options.bot, terminal.say)
    if options.questions:

        def answered() -> Iterator[dict[str, Any]]:
            for batch in _batches(questions):
                yield from (answer_object(a) for a in bot.ask_many(batch, options.arm))

        _write(options.out, answered(), len(questions), terminal)
        return 0
    answer = bot.ask(questions[0], options.arm)
    print(
        json.dumps(answer_object(answer), ensure_ascii=False)
        if options.json
        else harmless(answer_text(answer))
    )
    return 0


def retrieve(options: argparse.Namespace) -> int:
    """Print the passages for a question, or write those of every question of a file."""
    questions = _questions(options)
    if options.k < 1:
        raise UsageError("it must be at least 1.", "-k")
    terminal = Terminal()
    bot = open_bot(options.bot, terminal.say)
    if options.questions:
        objects = _retrieved(bot, questions, options.k)
        _write(options.out, objects, len(questions), terminal)
        return 0
    found = next(_retrieved(bot, questions, options.k))
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for number, passage in enumerate(found["passages"], 1):
        place = _place(passage["source"], passage["locator"])
        print(harmless(f"[{number}] {place}  {passage['score']}\n{passage['text']}\n"))
    return 0


def answer_object(answer: Answer) -> dict[str, Any]:
    """An answer in the contract's form."""
    return {
        "id": answer.id,
        "question": answer.question,
        "answer": answer.answer,
        "refused": answer.refused,
        "citations": [
            {"source": c.source, "locator": c.locator, "quote": c.quote} for c in answer.citations
        ],
        "verified": answer.verified,
        "arm": answer.arm,
        "seconds": answer.seconds,
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
    }


def passages_object(question: Question, passages: Sequence[Passage]) -> dict[str, Any]:
    """Retrieved passages in the contract's form."""
    return {
        "id": question.id,
        "question": question.text,
        "passages": [
            {
                "source": p.chunk.source,
                "locator": p.chunk.locator,
                "text": p.text,
                "score": p.score,
            }
            for p in passages
        ],
    }


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSONL file; raises UsageError naming the faulty line."""
    try:
        # Not splitlines(): U+2028 and its kind may stand inside a JSON string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError("it can't be read.", str(path), "Check the path and encoding.") from exc
    return [_question(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]


def _question(path: Path, number: int, line: str) -> Question:
    try:
        value = json.loads(line)
        text, groups = value["question"], value.get("groups") or []
        if not isinstance(text, str) or not text.strip():
            raise ValueError("`question` is no text")
        if not isinstance(groups, list):  # a string would become its letters
            raise TypeError("`groups` is no list")
        return Question(
            id=str(value["id"]),
            text=text,
            history=tuple(from_object(Message, turn) for turn in value.get("history") or ()),
            groups=tuple(str(group) for group in groups),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UsageError(
            f"line {number} is not a question ({type(exc).__name__}: {exc}).",
            str(path),
            'Each line must be like {"id": "1", "question": "…"}.',
        ) from exc


def _questions(options: argparse.Namespace) -> list[Question]:
    if bool(options.question) == bool(options.questions):
        raise UsageError("give either a question or --questions FILE.")
    if options.questions and not options.out:
        raise UsageError("--questions needs --out FILE.")
    if options.questions:
        given = tuple(options.group)
        asked = read_questions(options.questions)
        return [replace(question, groups=(*question.groups, *given)) for question in asked]
    return [Question("1", options.question, (), tuple(options.group))]


def _batches(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    for start in range(0, len(questions), BATCH):
        yield questions[start : start + BATCH]


def _retrieved(bot: Bot, questions: Sequence[Question], count: int) -> Iterator[dict[str, Any]]:
    for batch in _batches(questions):
        for question, passages in zip(batch, bot.retrieve(batch, count), strict=True):
            yield passages_object(question, passages)


def _write(path: Path, objects: Iterator[dict[str, Any]], total: int, terminal: Terminal) -> None:
    with atomic_file(path) as out:
        for number, value in enumerate(objects, 1):
            out.write(json.dumps(value, ensure_ascii=False) + "\n")
            terminal.progress(f"{number} of {total} done")
    terminal.say(f"{total} written to {path}")


def answer_text(answer: Answer) -> str:
    lines = [answer.answer]
    for citation in answer.citations:
        quote = " ".join(citation.quote.split())
        lines.append(f"  ─ {_place(citation.source, citation.locator)}: “{quote}”")
    return "\n".join(lines)


def _place(source: str, locator: str) -> str:
    return f"{source} ({locator})" if locator else source

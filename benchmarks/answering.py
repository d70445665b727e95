"""What the bot's answers are worth: `python -m benchmarks.answering BOT QUESTIONS.jsonl [ARM]`.

Each line of the questions has `id`, `question`, `answerable` and, where it is answerable,
`answers` (any of them counts) and `source` (one name or a list). Answers go to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from benchmarks.corpus import say
from builder.bot.service import open_bot
from builder.cli.ask import read_questions
from builder.evaluation.metrics import holds_answer, same_source
from builder.jsonl import read_jsonl
from builder.records import Answer, Arm
from builder.text.values import unsupported_values
from builder.workspace import Workspace
from connectors.records import Document

BATCH = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, its gold line and the answer."""

    gold: dict[str, Any]
    answer: Answer

    @property
    def given(self) -> bool:
        """Whether the bot answered instead of refusing."""
        return not self.answer.refused

    @property
    def holds(self) -> bool:
        """Whether the answer holds one of the accepted strings."""
        return self.given and holds_answer(self.answer.answer, self.gold.get("answers") or ())

    @property
    def cites_right(self) -> bool:
        """Whether a citation is of a source that holds the answer."""
        named = self.gold.get("source") or ()
        sources = [named] if isinstance(named, str) else named
        return any(same_source(c.source, s) for c in self.answer.citations for s in sources)

    @property
    def invents(self) -> bool:
        """Whether a value of the answer stands neither in what it cites nor in the question."""
        cited = {c.source for c in self.answer.citations}
        chunks = [c for p in self.answer.passages for c in p.chunks if c.source in cited]
        known = [self.answer.question, *(c.quote for c in self.answer.citations)]
        known += [" ".join((c.title, *c.headings, c.model_text, c.text)) for c in chunks]
        return bool(unsupported_values(self.answer.answer, "\n".join(known)))


def is_verbatim(quote: str, source: str, documents: Sequence[Document]) -> bool:
    """Whether the quote is one unbroken stretch of a part, or of a product's cells, of the
    source."""
    for document in (d for d in documents if d.source == source):
        if any(quote in part.text for part in document.parts):
            return True
        rows = ("\n".join(f"{c}: {v}" for c, v in p.cells) for p in document.products)
        if any(quote in row for row in rows):
            return True
    return False


def main(bot: str, questions: str, arm: str = "") -> None:
    """Ask everything and print one table."""
    lines = Path(questions).read_text(encoding="utf-8").splitlines()
    gold = {str(line["id"]): line for line in map(json.loads, filter(str.strip, lines))}
    asked = read_questions(Path(questions))
    opened = open_bot(Path(bot), say)
    chosen: Arm | None = next((known for known in get_args(Arm) if known == arm), None)
    outcomes = []
    for start in range(0, len(asked), BATCH):
        for answer in opened.ask_many(asked[start : start + BATCH], chosen):
            outcomes.append(Outcome(gold[answer.id], answer))
            say(_line(outcomes[-1]))
    print(_table(outcomes, list(read_jsonl(Document, Workspace(Path(bot)).documents))))


def _line(outcome: Outcome) -> str:
    answer = outcome.answer
    mark = "+" if outcome.holds else "-" if outcome.given else "?"
    cited = "; ".join(f"{c.source} · {c.locator}: {c.quote!r}" for c in answer.citations)
    words = f"\n    model: {answer.model_answer}" if answer.model_answer else ""
    kind = "" if outcome.gold["answerable"] else " (unanswerable)"
    return (
        f"{mark} [{answer.id}] {answer.question}{kind}\n    {answer.origin}: {answer.answer}"
        f"\n    gold: {outcome.gold.get('answer', '')}{words}\n    {cited}"
    )


def _table(outcomes: Sequence[Outcome], documents: Sequence[Document]) -> str:
    answerable = [o for o in outcomes if o.gold["answerable"]]
    others = [o for o in outcomes if not o.gold["answerable"]]
    given = [o for o in outcomes if o.given]
    cited = [(o, c) for o in given for c in o.answer.citations]
    rows = [
        ("holds the gold", [o.holds for o in answerable]),
        ("cites the right source", [o.cites_right for o in answerable if o.given]),
        ("quotes verbatim", [is_verbatim(c.quote, c.source, documents) for _, c in cited]),
        ("values not in the source", [o.invents for o in given]),
        ("refused, unanswerable", [not o.given for o in others]),
        ("refused, answerable", [not o.given for o in answerable]),
        ("in the model's words", [o.answer.origin == "model" for o in given]),
        ("of these hold the gold", [o.holds for o in answerable if o.answer.origin == "model"]),
        ("of quotations hold it", [o.holds for o in answerable if o.answer.origin == "quote"]),
    ]
    out = ["| measure | share | of |", "| --- | --- | --- |"]
    out += [f"| {name} | {sum(v) / max(1, len(v)):.3f} | {len(v)} |" for name, v in rows]
    seconds = sum(o.answer.seconds for o in outcomes) / max(1, len(outcomes))
    return "\n".join([*out, f"| seconds for an answer | {seconds:.2f} | {len(outcomes)} |"])


if __name__ == "__main__":
    main(*sys.argv[1:4])

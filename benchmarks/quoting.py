"""What is quoted, by what the choice of the unit weighs: `python -m benchmarks.quoting BOT
QUESTIONS.jsonl`.

Every answerable question is answered by quotation, whatever the bot's confidence. The even
questions are printed apart from the odd ones: choose on one half, confirm on the other.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import say
from builder.bot import compose as compose_module
from builder.bot import ranking as ranking_module
from builder.bot.compose import Found, Rules, compose, weigh
from builder.bot.followup import standalone
from builder.bot.ranking import Similarities
from builder.bot.service import Bot, open_bot
from builder.cli.ask import read_questions
from builder.evaluation.metrics import holds_answer, token_f1
from builder.records import Answer, Question

PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Way:
    """What speaks for a unit beside its likeness to the question."""

    asked_for: float = ranking_module.TYPE_WEIGHT
    ranges: float = ranking_module.RANGE_WEIGHT
    tie: float = compose_module.TIE
    whole: float = compose_module.WHOLE

    def use(self) -> None:
        """From here on."""
        ranking_module.TYPE_WEIGHT = self.asked_for
        ranking_module.RANGE_WEIGHT = self.ranges
        compose_module.TIE = self.tie
        compose_module.WHOLE = self.whole


WAYS = (
    Way(0.0, 0.0, 0.0, 0.0),
    *(Way(asked_for=weight, ranges=0.0, tie=0.0) for weight in (0.02, 0.04, 0.05, 0.06)),
    *(Way(ranges=weight, tie=0.0) for weight in (0.02, 0.04)),
    *(Way(tie=tie) for tie in (0.01, 0.02)),
    *(Way(whole=weight) for weight in (0.0, 1.0)),
)


@dataclass(frozen=True, slots=True)
class Case:
    """An answerable question with its gold line and what was found for it."""

    question: Question
    gold: dict[str, Any]
    found: Found


def main(bot: str, questions: str) -> None:
    """Print the table."""
    opened = open_bot(Path(bot), say)
    cases = list(_cases(opened, Path(questions)))
    rules = Rules(0.0, opened.config.retrieval.passages)
    print("| asked for | ranges | tie | whole | half | holds | F1 | characters |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for way in WAYS:
        way.use()
        answers = [_answer(case, opened.similarities, rules) for case in cases]
        for half in (0, 1):
            rows = list(zip(cases, answers, strict=True))[half::2]
            name = f"{way.asked_for} | {way.ranges} | {way.tie} | {way.whole}"
            print(f"| {name} | {'odd' if half else 'even'} | {_row(rows)} |", flush=True)


def _cases(bot: Bot, questions: Path) -> Iterator[Case]:
    lines = filter(str.strip, questions.read_text(encoding="utf-8").splitlines())
    golds = {str(gold["id"]): gold for gold in map(json.loads, lines)}
    asked = [question for question in read_questions(questions) if golds[question.id]["answerable"]]
    for question, passages in zip(asked, bot.retrieve(asked, PASSAGES), strict=True):
        whole = standalone(question.text, question.history)
        found = Found(tuple(passages), tuple(passages), whole if whole != question.text else "")
        yield Case(question, golds[question.id], found)


def _answer(case: Case, similar: Similarities, rules: Rules) -> str:
    text = case.question.text
    draft = Answer(case.question.id, text, "", False, (), False, "rag", 0.0, 0, 0)
    weighed = weigh(text, case.found, similar, rules)
    return compose(draft, None, weighed, similar, rules).answer


def _row(rows: Sequence[tuple[Case, str]]) -> str:
    holds = sum(holds_answer(answer, case.gold["answers"]) for case, answer in rows)
    f1 = sum(
        token_f1(answer, case.gold["answer"], case.gold.get("language", "en"))
        for case, answer in rows
    )
    length = sum(len(answer) for _, answer in rows)
    return f"{holds / len(rows):.2f} | {f1 / len(rows):.3f} | {length / len(rows):.0f}"


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""Right against wrong refusals: `python -m benchmarks.refusing BOT QUESTIONS.jsonl …`.

The bots are asked nothing: the decision is made from retrieval (`answer.min_support`), and from
the reader where bot.toml names one (`answer.reader`). With several pairs all questions are taken
together too. Even and odd questions are told apart: what is chosen on the one half is confirmed on
the other.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import say
from builder.bot.followup import standalone
from builder.bot.ranking import ranked_units
from builder.bot.refusal import confidence, evidence, read_scale, swayed
from builder.bot.service import open_bot
from builder.cli.ask import read_questions
from builder.models.catalog import embedder_name

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Tried:
    """A question, whether the documents answer it, and how sure the bot is."""

    language: str
    even: bool
    answerable: bool
    sure: float


def tried(bot: str, questions: Path) -> list[Tried]:
    """All questions of a file, tried on a bot."""
    lines = questions.read_text(encoding="utf-8").splitlines()
    golds = {str(gold["id"]): gold for gold in map(json.loads, lines)}
    asked = read_questions(questions)
    opened = open_bot(Path(bot), say)
    scale = read_scale(opened.workspace.index, embedder_name(opened.config.embedder.name))
    shown = opened.config.retrieval.passages
    out = []
    for place, (question, found) in enumerate(zip(asked, opened.retrieve(asked, 5), strict=True)):
        whole = standalone(question.text, question.history)
        ranked = ranked_units(whole, found[:shown], opened.similarities)
        sure = confidence(evidence(found[:shown], ranked), scale) if ranked else 0.0
        if opened.reader and ranked:
            sure = swayed(sure, opened.reader(whole, found[:shown]))
        gold = golds[question.id]
        out.append(Tried(gold.get("language", ""), place % 2 == 0, gold["answerable"], sure))
    return out


def line(name: str, chosen: Sequence[Tried]) -> str:
    """A row of the table: refused rightly / wrongly at each threshold."""
    cells = []
    for threshold in THRESHOLDS:
        shares = []
        for kind in (False, True):
            values = [one.sure for one in chosen if one.answerable is kind]
            shares.append(sum(value < threshold for value in values) / max(1, len(values)))
        cells.append(f"{shares[0]:.2f} / {shares[1]:.2f}")
    return f"| {name} | " + " | ".join(cells) + " |"


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    every: list[Tried] = []
    print("| refused rightly / wrongly at | " + " | ".join(map(str, THRESHOLDS)) + " |")
    print("| --- |" + " --- |" * len(THRESHOLDS))
    for bot, questions in zip(arguments[::2], arguments[1::2], strict=True):
        found = tried(bot, Path(questions))
        print(line(f"{found[0].language}: {Path(questions).parent.name}", found), flush=True)
        every += found
    print(line("even questions", [one for one in every if one.even]))
    print(line("odd questions", [one for one in every if not one.even]))
    print(line("all", every))


if __name__ == "__main__":
    main(sys.argv[1:])

"""Follow-up questions found or not, by how they are made whole:
`python -m benchmarks.following BOT QUESTIONS.jsonl`.

Only questions with a `history` are asked, of the bot's own index. The rule is what the bot does;
beside it the question as it was asked, behind the last question, and behind the whole conversation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import say
from builder.bot.followup import standalone
from builder.bot.service import open_bot
from builder.evaluation.metrics import same_source
from builder.jsonl import from_object
from builder.records import Message, Passage, Question

COUNT = 5

Way = Callable[[str, Sequence[Message]], str]
WAYS: dict[str, Way] = {
    "as asked": lambda question, _: question,
    "behind the last question": lambda question, turns: f"{_asked(turns)[-1]} {question}",
    "behind the conversation": lambda question, turns: " ".join(
        [*(turn.content for turn in turns), question]
    ),
    "by the rule": standalone,
}


def main(name: str, questions: str) -> None:
    """Print the table."""
    bot = open_bot(Path(name), say)
    lines = map(json.loads, Path(questions).read_text(encoding="utf-8").splitlines())
    golds = [gold for gold in lines if gold.get("history") and gold["answerable"]]
    print(f"{len(golds)} follow-ups\n| question | doc@1 | doc@5 | passage@1 | passage@5 |")
    print("|" + " --- |" * 5)
    for way, whole in WAYS.items():
        texts = [whole(gold["question"], _turns(gold)) for gold in golds]
        asked = [Question(gold["id"], text) for gold, text in zip(golds, texts, strict=True)]
        print(f"| {way} | {_row(golds, bot.retrieve(asked, COUNT))} |")


def _turns(gold: dict[str, Any]) -> list[Message]:
    return [from_object(Message, turn) for turn in gold["history"]]


def _asked(turns: Sequence[Message]) -> list[str]:
    return [turn.content for turn in turns if turn.role == "user"]


def _row(golds: Sequence[dict[str, Any]], found: Sequence[Sequence[Passage]]) -> str:
    hits = [0, 0, 0, 0]
    for gold, passages in zip(golds, found, strict=True):
        named = [gold["source"], *(gold.get("sources") or ()), *(gold.get("alt_sources") or ())]
        right = [any(same_source(p.chunk.source, one) for one in named) for p in passages]
        exact = [gold["evidence"] in p.text for p in passages]
        for place, flags in enumerate((right[:1], right, exact[:1], exact)):
            hits[place] += any(flags)
    return " | ".join(f"{count / len(golds):.2f}" for count in hits)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

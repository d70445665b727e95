"""Right against wrong refusals: `python -m benchmarks.refusing BOT QUESTIONS.jsonl`.

The bot is asked nothing: the decision is made from retrieval alone (`answer.min_support`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.corpus import say
from builder.bot.quotes import ranked_units
from builder.bot.service import open_bot
from builder.bot.support import confidence
from builder.cli.ask import read_questions

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main(bot: str, questions: str) -> None:
    """Print the curve."""
    path = Path(questions)
    lines = path.read_text(encoding="utf-8").splitlines()
    answerable = {str(gold["id"]): gold["answerable"] for gold in map(json.loads, lines)}
    asked = read_questions(path)
    opened = open_bot(Path(bot), say)
    shown = opened.config.retrieval.passages
    sure = {}
    for question, passages in zip(asked, opened.retrieve(asked, 5), strict=True):
        ranked = ranked_units(question.text, passages[:shown], opened.similarities)
        sure[question.id] = confidence(passages, ranked[0][0]) if ranked else 0.0
    print("| threshold | refuses rightly | refuses wrongly |\n| --- | --- | --- |")
    for threshold in THRESHOLDS:
        shares = []
        for kind in (False, True):
            values = [sure[i] for i, known in answerable.items() if known is kind]
            shares.append(sum(value < threshold for value in values) / max(1, len(values)))
        print(f"| {threshold} | {shares[0]:.2f} | {shares[1]:.2f} |")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

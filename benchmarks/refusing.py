"""Right against wrong refusals: `python -m benchmarks.refusing BOT QUESTIONS.jsonl`.

The bot is asked nothing: the decision is made from retrieval alone (`answer.min_support`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.corpus import say
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
    found = open_bot(Path(bot), say).retrieve(asked, 5)
    sure = {q.id: confidence(passages) for q, passages in zip(asked, found, strict=True)}
    print("| threshold | refuses rightly | refuses wrongly |\n| --- | --- | --- |")
    for threshold in THRESHOLDS:
        shares = []
        for kind in (False, True):
            values = [sure[i] for i, known in answerable.items() if known is kind]
            shares.append(sum(value < threshold for value in values) / max(1, len(values)))
        print(f"| {threshold} | {shares[0]:.2f} | {shares[1]:.2f} |")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""Product questions understood and exact: `python -m benchmarks.products BOT`.

Asks what `generate` would word from each row of the bot's product table, every fact in three
wordings; an answer is exact when it holds the value that the row states. No model is asked.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from builder.dataset.generators.catalog import find_product_facts, in_its_language
from builder.dataset.templates import load_wordings
from builder.jsonl import from_line
from builder.products.answer import ProductAnswers
from builder.products.plain import plain
from builder.records import CatalogEntry, Question
from builder.workspace import Workspace

WORDINGS = 3
SHOWN = 10
MOST = 2000  # questions; of more, every nth is asked


def main(bot: str) -> None:
    """Print the shares by kind, and some questions that were not answered exactly."""
    table = Workspace(Path(bot)).index / "products.db"
    with contextlib.closing(
        sqlite3.connect(f"{table.absolute().as_uri()}?mode=ro", uri=True)
    ) as db:
        rows = [
            from_line(CatalogEntry, row) for (row,) in db.execute("SELECT record FROM products")
        ]
    answers, allowed = ProductAnswers(table), {row.chunk.id for row in rows}
    counts: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    every = list(_asked(rows))
    for kind, question, value in every[:: len(every) // MOST + 1]:
        said = answers.answer(Question("q", question), allowed)
        exact = said is not None and _same(value) in _same(said.text)
        counts[kind, "asked"] += 1
        counts[kind, "understood"] += said is not None
        counts[kind, "exact"] += exact
        if not exact and len(missed) < SHOWN:
            missed.append(f"{question} → {said.text if said else 'documents'} (wanted {value})")
    print("| kind | asked | understood | exact |\n| --- | --- | --- | --- |")
    for kind in sorted({kind for kind, _ in counts}):
        asked, *others = (counts[kind, word] for word in ("asked", "understood", "exact"))
        shares = " | ".join(f"{count / asked:.3f}" for count in others)
        print(f"| {kind} | {asked} | {shares} |")
    print("\n".join(missed))


def _asked(rows: Sequence[CatalogEntry]) -> Iterator[tuple[str, str, str]]:
    """(kind, question, the row's value)."""
    for entry in map(in_its_language, rows):
        for draft in find_product_facts(entry):
            wordings = load_wordings(entry.chunk.language)
            value = draft.quote.partition(": ")[2]
            for question in wordings.questions(draft.family, draft.slots, entry.chunk.id, WORDINGS):
                yield draft.family, question, value


def _same(text: str) -> str:
    """Without spaces, digit groups and currency signs."""
    return "".join(char for char in plain(text) if char not in " ,¥円$€£")


if __name__ == "__main__":
    main(sys.argv[1])

"""Product questions understood and exact: `python -m benchmarks.products BOT`.

Asks what `generate` would word from each row of the bot's product table, every fact in three
wordings; an answer is exact when it holds the value that the row states. Then filters,
superlatives, counts, comparisons and follow-ups, whose answers `product_queries` reckons from the
rows itself. No model is asked.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from benchmarks.product_queries import queries
from builder.dataset.generators.catalog import find_product_facts, in_its_language
from builder.dataset.templates import load_wordings
from builder.jsonl import from_line
from builder.products.answer import ProductAnswers
from builder.products.plain import plain
from builder.records import CatalogEntry, Message, Question
from builder.workspace import Workspace

WORDINGS = 3
SHOWN = 20
MOST = 2000  # questions; of more, every nth is asked


Result = tuple[str, str, bool, str]
"""(kind, what was said, whether it is exact, a note for a miss)."""


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
    results = [*_values(rows, answers, allowed), *_queries(rows, answers, allowed)]
    counts = Counter(
        (kind, word)
        for kind, said, is_exact, _ in results
        for word, is_so in (("asked", True), ("understood", bool(said)), ("exact", is_exact))
        if is_so
    )
    missed = [note for _, _, is_exact, note in results if not is_exact]
    print("| kind | asked | understood | exact |\n| --- | --- | --- | --- |")
    for kind in dict.fromkeys(kind for kind, _, _, _ in results):
        asked, *others = (counts[kind, word] for word in ("asked", "understood", "exact"))
        shares = " | ".join(f"{count / asked:.3f}" for count in others)
        print(f"| {kind} | {asked} | {shares} |")
    print("\n".join(missed[:SHOWN]))


def _values(
    rows: Sequence[CatalogEntry], answers: ProductAnswers, allowed: Container[str]
) -> Iterator[Result]:
    every = list(_asked(rows))
    for kind, question, value in every[:: len(every) // MOST + 1]:
        said = answers.answer(Question("q", question), allowed)
        text = said.text if said else ""
        is_exact = bool(text) and _same(value) in _same(text)
        yield kind, text, is_exact, f"{question} → {text or 'documents'} (wanted {value})"


def _queries(
    rows: Sequence[CatalogEntry], answers: ProductAnswers, allowed: Container[str]
) -> Iterator[Result]:
    for query in queries(rows):
        history = tuple(Message("user", turn) for turn in query.history)
        said = answers.answer(Question("q", query.text, history), allowed)
        text = said.text if said else ""
        asked = " || ".join((*query.history, query.text))
        is_exact = bool(text) and query.is_right(text)
        yield query.kind, text, is_exact, f"{asked} → {text or 'documents'} (wanted {query.wanted})"


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

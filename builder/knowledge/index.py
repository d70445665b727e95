"""The index of one bot: vectors, keywords, products, and the chunks themselves.

`update_index` brings the folder up to date; `Index` reads it.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from builder.knowledge import keywords, products, vectors
from builder.knowledge.chroma_client import ChromaServer
from builder.knowledge.chunk_store import ChunkStore, Readable
from builder.knowledge.products import ProductTable
from builder.knowledge.vectors import VectorStore
from builder.models.embedder import Embedder
from builder.records import CatalogEntry, Chunk

Progress = Callable[[int, int], None]
_WIDER = (1, 4, 16)
"""So many times more is looked for where what was found isn't there any more, or isn't readable any
more, since the index was made."""


def update_index(
    folder: Path,
    chunks: Iterable[Chunk],
    entries: Sequence[CatalogEntry],
    embedder: Embedder,
    progress: Progress,
    server: ChromaServer | None = None,
) -> tuple[int, int]:
    """Make the index hold exactly these chunks; returns (embedded, removed).

    Only chunks that are new, or whose headings, readers or embedder are, are stored, and of these
    only texts embedded that had no vector: a document that was renamed keeps its own. Killed
    half-way, the next run goes on where it stopped. `chunks` is gone through several times, and
    never held in memory.
    """
    store = VectorStore(folder / "vectors", embedder, server)
    try:
        counts = _update_vectors(store, chunks, progress)
    finally:
        store.close()
    keywords.build(folder / "keywords", chunks)
    products.build(folder / "products.db", entries)
    return counts


def _update_vectors(
    store: VectorStore, chunks: Iterable[Chunk], progress: Progress
) -> tuple[int, int]:
    embedder = store.embedder
    wanted = {
        chunk.id: vectors.Stored(vectors.version_of(chunk, embedder), store.shelf_of(chunk))
        for chunk in chunks
    }
    there = store.stored()
    stale = {i: stored for i, stored in there.items() if wanted.get(i) != stored}
    new = {i for i, stored in wanted.items() if there.get(i) != stored}
    spared = store.spared(stale, _texts(chunks, new, embedder)) if stale and new else {}
    if len(stale) == len(there):
        store.clear()  # another embedder's vectors may have another dimension
    else:
        store.remove(stale)
    embedded = done = 0
    for batch in _batches(chunk for chunk in chunks if chunk.id in new):
        embedded += store.add(batch, spared)
        done += len(batch)
        progress(done, len(new))
    return embedded, len(there.keys() - wanted.keys())


def _texts(chunks: Iterable[Chunk], ids: set[str], embedder: Embedder) -> set[str]:
    """The chunks' texts, as `VectorStore.spared` tells them apart."""
    return {vectors.text_key(chunk, embedder) for chunk in chunks if chunk.id in ids}


def _batches(chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    rest = iter(chunks)
    while batch := list(itertools.islice(rest, vectors.ADD_BATCH)):
        yield batch


def beside(chunk: Chunk, other: Chunk | None) -> Chunk | None:
    """The other chunk where both are text of one document, else None."""
    if other is None or "product" in (chunk.kind, other.kind):
        return None
    return other if other.document_id == chunk.document_id else None


class Index:
    """Read access for retrieval, by several threads. The chunks are those that there were when it
    was opened: what an import has taken out before is never returned, whatever else is stale."""

    def __init__(
        self,
        folder: Path,
        chunks_file: Path,
        embedder: Embedder,
        server: ChromaServer | None = None,
    ) -> None:
        self.embedder = embedder
        self._folder, self._server = folder / "vectors", server
        self.products = ProductTable(folder / "products.db")
        self.keywords = keywords.open_keywords(folder / "keywords")
        self._chunks = ChunkStore(chunks_file)
        self._vectors = VectorStore(self._folder, embedder, server)
        self._searching = threading.Lock()
        self._readable: dict[frozenset[str], Readable] = {}

    def __contains__(self, chunk_id: str) -> bool:
        return self._chunks.readers_of(chunk_id) is not None

    def chunk(self, chunk_id: str) -> Chunk:
        """The chunk of that id; KeyError when the bot has none."""
        found = self._chunks.get(chunk_id)
        if found is None:
            raise KeyError(chunk_id)
        return found

    def neighbours(self, chunk: Chunk) -> tuple[Chunk | None, Chunk | None]:
        """The chunks before and after it in its document; None at the ends and for products, which
        stand for themselves."""
        before, after = self._chunks.beside(chunk.id)
        return beside(chunk, before), beside(chunk, after)

    def chunks(self) -> Iterator[Chunk]:
        """All chunks."""
        return iter(self._chunks)

    def readable(self, groups: Sequence[str]) -> Readable:
        """The ids of the chunks that somebody in these groups may read."""
        own = frozenset(groups) & self._chunks.groups
        return self._readable.setdefault(own, Readable(self._chunks, own))

    def keyword_ids(self, question: str, count: int, groups: Sequence[str]) -> list[str]:
        """Ids of the chunks with the best keyword scores, best first, of what the groups may
        read."""
        allowed = self.readable(groups)
        out: list[str] = []
        for times in _WIDER:
            found = self.keywords.best(question, count * times, groups)
            out = [chunk_id for chunk_id in found if chunk_id in allowed][:count]
            if len(out) == count or len(found) < count * times:
                break
        return out

    def nearest(
        self, vector: Sequence[float], count: int, groups: Sequence[str]
    ) -> list[tuple[str, float]]:
        """(chunk id, cosine similarity), best first, of what the groups may read."""
        allowed = self.readable(groups)
        out: list[tuple[str, float]] = []
        for times in _WIDER:
            found = self._search(vector, count * times, groups)
            out = [hit for hit in found if hit[0] in allowed][:count]
            if len(out) == count or len(found) < count * times:
                break
        return out

    def _search(
        self, vector: Sequence[float], count: int, groups: Sequence[str]
    ) -> list[tuple[str, float]]:
        from chromadb.errors import ChromaError

        if self._server is not None:
            return self._vectors.search(vector, count, groups)
        with self._searching:
            try:
                return self._vectors.search(vector, count, groups)
            except ChromaError:  # another process, `monoshiri index`, has changed the files
                self._vectors.close()
                self._vectors = VectorStore(self._folder, self.embedder)
                return self._vectors.search(vector, count, groups)

    def close(self) -> None:
        """Let the files go: whoever opens them again sees what other processes did."""
        self._vectors.close()
        self._chunks.close()

"""The vectors: Chroma collections, through LangChain; embedded in the bot's folder, or on a server.

The chunks that the same groups may read have a collection of their own, and a question is asked of
the collections that its asker may read. (With one collection for all, Chroma's `where` over 10,000
chunks took ten times as long as the search itself, and more the more chunks there are.)

Chroma's own embedding function is never used (it downloads a model), and its telemetry is off.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from builder.knowledge import chroma_client
from builder.knowledge.blank_memory import blank_memory
from builder.knowledge.chroma_client import ChromaServer, translated
from builder.models.embedder import Embedder
from builder.records import Chunk

if TYPE_CHECKING:
    from langchain_chroma import Chroma

ADD_BATCH = 64
PRODUCT_CHARACTERS = 240
READERS = "readers"
PAGE = 5000
"""Chunks that are looked at at once: the metadata of all take gigabytes in a large bot."""
_NOBODY = '["\\u0000"]'
"""Readers of a collection that an earlier version made for all chunks together."""
_SPACE: Any = {"hnsw": {"space": "cosine", "ef_search": 128}}


class E5Embeddings(Embeddings):
    """The embedder as LangChain sees it."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        vectors: list[list[float]] = self.embedder.passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self.embedder.queries([text])[0].tolist()
        return vector


@dataclass(frozen=True, slots=True)
class Stored:
    """A chunk as a collection has it."""

    version: str
    """See `version_of`."""
    shelf: str
    """Name of its collection."""


class VectorStore:
    """The collections of one bot. Searches may run in several threads."""

    def __init__(
        self, folder: Path, embedder: Embedder, server: ChromaServer | None = None
    ) -> None:
        """Raises StoreUnavailable where the server can't be reached."""
        self.embedder = embedder
        self.prefix = chroma_client.collection_prefix(folder, server)
        with translated(server):
            self.client = chroma_client.open_client(folder, server)
            self._shelves = dict(self._existing())
        self._server = server

    def _existing(self) -> Iterator[tuple[str, tuple[frozenset[str], Chroma]]]:
        for start in itertools.count(0, PAGE):
            found = self.client.list_collections(limit=PAGE, offset=start)
            for collection in found:
                if collection.name.startswith(self.prefix):
                    names = json.loads((collection.metadata or {}).get(READERS, _NOBODY))
                    yield collection.name, (frozenset(names), self._opened(collection.name, names))
            if len(found) < PAGE:
                return

    def _opened(self, name: str, groups: Sequence[str]) -> Chroma:
        from langchain_chroma import Chroma

        return Chroma(
            collection_name=name,
            embedding_function=E5Embeddings(self.embedder),
            client=self.client,
            collection_configuration=_SPACE,
            collection_metadata={READERS: json.dumps(list(groups), ensure_ascii=False)},
        )

    def shelf_of(self, chunk: Chunk) -> str:
        """Name of the collection for what the chunk's groups may read."""
        groups = json.dumps(sorted(set(chunk.groups)), ensure_ascii=False)
        mark = hashlib.sha256(groups.encode()).hexdigest()[:16] if chunk.groups else "everybody"
        return f"{self.prefix}-{mark}"

    def stored(self) -> dict[str, Stored]:
        """All chunks that are there, by their ids."""
        out: dict[str, Stored] = {}
        with translated(self._server):
            for name, (_, shelf) in self._shelves.items():
                for start in itertools.count(0, PAGE):
                    found = shelf.get(include=["metadatas"], limit=PAGE, offset=start)
                    for chunk_id, metadata in zip(found["ids"], found["metadatas"], strict=True):
                        version = str((metadata or {}).get("version", ""))
                        out[chunk_id] = Stored(version, name)
                    if len(found["ids"]) < PAGE:
                        break
        return out

    def spared(self, there: Mapping[str, Stored], keys: set[str]) -> dict[str, list[float]]:
        """Key of a text (see `text_key`) → its vector, of those among these chunks that are
        wanted."""
        vectors: dict[str, list[float]] = {}
        with translated(self._server):
            for shelf, ids in self._in_batches(there):
                found = shelf.get(ids=ids, include=["metadatas", "embeddings"])
                for metadata, vector in zip(found["metadatas"], found["embeddings"], strict=True):
                    if (key := (metadata or {}).get("text", "")) in keys:
                        vectors[key] = vector
        return vectors

    def remove(self, there: Mapping[str, Stored]) -> None:
        """Delete these chunks; a collection that is left empty goes as a whole."""
        with translated(self._server):
            for shelf, ids in self._in_batches(there):
                shelf.delete(ids=ids)
            for name in {stored.shelf for stored in there.values()}:
                if self._shelves[name][1]._collection.count() == 0:
                    self._drop(name)

    def clear(self) -> None:
        """Delete everything: another embedder's vectors may have another dimension."""
        with translated(self._server):
            for name in list(self._shelves):
                self._drop(name)

    def _drop(self, name: str) -> None:
        self.client.delete_collection(name)
        del self._shelves[name]

    def _in_batches(self, there: Mapping[str, Stored]) -> Iterator[tuple[Chroma, list[str]]]:
        by_shelf: dict[str, list[str]] = {}
        for chunk_id in sorted(there):
            by_shelf.setdefault(there[chunk_id].shelf, []).append(chunk_id)
        for name, ids in by_shelf.items():
            for start in range(0, len(ids), 1000):
                yield self._shelves[name][1], ids[start : start + 1000]

    def add(self, chunks: Sequence[Chunk], known: Mapping[str, Sequence[float]]) -> int:
        """Store chunks that are not there; those whose vector is not `known` by the key of its
        text are embedded. Returns how many were."""
        keys = [text_key(chunk, self.embedder) for chunk in chunks]
        missing = [at for at, key in enumerate(keys) if key not in known]
        texts = [text_to_embed(chunks[at]) for at in missing]
        made = iter(self.embedder.passages(texts) if texts else ())
        vectors = [known[key] if key in known else next(made) for key in keys]
        by_shelf: dict[str, list[int]] = {}
        for at, chunk in enumerate(chunks):
            by_shelf.setdefault(self.shelf_of(chunk), []).append(at)
        with translated(self._server), blank_memory():
            for name, places in by_shelf.items():
                if name not in self._shelves:
                    groups = sorted(set(chunks[places[0]].groups))
                    self._shelves[name] = (frozenset(groups), self._opened(name, groups))
                # LangChain's own methods would embed all texts.
                self._shelves[name][1]._collection.upsert(
                    ids=[chunks[at].id for at in places],
                    embeddings=[vectors[at] for at in places],
                    metadatas=[
                        {
                            "source": chunks[at].source,
                            "text": keys[at],
                            "version": version_of(chunks[at], self.embedder),
                        }
                        for at in places
                    ],
                    documents=[text_to_embed(chunks[at]) for at in places],
                )
        return len(missing)

    def search(
        self, vector: Sequence[float], count: int, groups: Sequence[str]
    ) -> list[tuple[str, float]]:
        """(chunk id, cosine similarity), best first, of what the groups may read; other
        collections are not looked at."""
        own = frozenset(groups)
        found: list[tuple[str, float]] = []
        with translated(self._server):
            for names, shelf in self._shelves.values():
                if not names or names & own:
                    asked: Any = [list(vector)]
                    hits: Any = shelf._collection.query(
                        query_embeddings=asked, n_results=count, include=["distances"]
                    )
                    near = zip(hits["ids"][0], hits["distances"][0], strict=True)
                    found += [(chunk_id, 1.0 - float(distance)) for chunk_id, distance in near]
        return heapq.nlargest(count, found, key=lambda hit: hit[1])

    def close(self) -> None:
        """Let the database go; its copy in memory would not show what other processes change."""
        chroma_client.close_client(self.client)


def text_to_embed(chunk: Chunk) -> str:
    """What the embedder reads of a chunk: title and headings count, not only the text.

    Of a product's row only the beginning: dozens of figures have no meaning to embed, and the
    keyword index holds them all.
    """
    text = chunk.model_text[:PRODUCT_CHARACTERS] if chunk.kind == "product" else chunk.model_text
    return f"{heading_line(chunk)}\n{text}"


def heading_line(chunk: Chunk) -> str:
    """Title and headings in one line."""
    return " › ".join(dict.fromkeys((chunk.title, *chunk.headings)))


def text_key(chunk: Chunk, embedder: Embedder) -> str:
    """Equal for chunks that have the same vector."""
    text = f"{embedder.source.name}\0{text_to_embed(chunk)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def version_of(chunk: Chunk, embedder: Embedder) -> str:
    """What is stored of a chunk, as one word: other headings, readers or another embedder make it
    another, though the chunk keeps its id."""
    parts = (embedder.source.name, text_to_embed(chunk), *chunk.groups)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

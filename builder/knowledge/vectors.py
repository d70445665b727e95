"""The vectors: a Chroma collection, through LangChain.

Chroma's own embedding function is never used (it downloads a model), and its telemetry is off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from builder.models.embedder import Embedder
from builder.records import Chunk

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "chunks"
EVERYBODY = "everybody"
ADD_BATCH = 64
PRODUCT_CHARACTERS = 240


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


def open_store(folder: Path, embedder: Embedder) -> Chroma:
    """The collection in `folder`, made when it is not there."""
    import chromadb
    from chromadb.config import Settings
    from langchain_chroma import Chroma

    folder.mkdir(parents=True, exist_ok=True)
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    return Chroma(
        collection_name=COLLECTION,
        embedding_function=E5Embeddings(embedder),
        client=client,
        collection_configuration={"hnsw": {"space": "cosine", "ef_search": 128}},
    )


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


def stored_versions(store: Chroma) -> dict[str, str]:
    """Id → version (see `version_of`) of all chunks in the collection."""
    found = store.get(include=["metadatas"])
    metadatas = found["metadatas"]
    return {i: (m or {}).get("version", "") for i, m in zip(found["ids"], metadatas, strict=True)}


def version_of(chunk: Chunk, embedder: Embedder) -> str:
    """What is stored of a chunk, as one word: other headings, readers or another embedder make it
    another, though the chunk keeps its id."""
    parts = (embedder.source.name, text_to_embed(chunk), *chunk.groups)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def add(store: Chroma, chunks: Sequence[Chunk], embedder: Embedder) -> None:
    """Embed and store chunks that are not there."""
    versions = [version_of(chunk, embedder) for chunk in chunks]
    store.add_texts(
        texts=[text_to_embed(chunk) for chunk in chunks],
        metadatas=[
            {**_metadata(chunk), "version": version}
            for chunk, version in zip(chunks, versions, strict=True)
        ],
        ids=[chunk.id for chunk in chunks],
    )


def remove(store: Chroma, ids: Iterable[str]) -> None:
    """Delete chunks, in batches that the database takes."""
    rest = sorted(ids)
    for start in range(0, len(rest), 1000):
        store.delete(ids=rest[start : start + 1000])


def search(
    store: Chroma, vector: Sequence[float], count: int, groups: Sequence[str]
) -> list[tuple[str, float]]:
    """(chunk id, cosine similarity), best first, of what the groups may read."""
    found = store.similarity_search_by_vector_with_relevance_scores(
        embedding=list(vector), k=count, filter=readable_by(groups)
    )
    return [(document.metadata["chunk"], 1.0 - float(distance)) for document, distance in found]


def readable_by(groups: Sequence[str]) -> dict[str, Any]:
    """Chroma's filter for an asker in these groups; applied inside the search, not after it."""
    keys = [_group_key(EVERYBODY), *(_group_key(f"group:{name}") for name in sorted(set(groups)))]
    clauses: list[dict[str, Any]] = [{key: True} for key in keys]
    return clauses[0] if len(clauses) == 1 else {"$or": clauses}


def _metadata(chunk: Chunk) -> dict[str, Any]:
    names = [f"group:{name}" for name in chunk.groups] or [EVERYBODY]
    readers = {_group_key(name): True for name in names}
    return {"chunk": chunk.id, "document": chunk.document_id, "source": chunk.source, **readers}


def _group_key(name: str) -> str:
    return f"reader {name}"

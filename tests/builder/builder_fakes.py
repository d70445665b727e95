"""Stand-ins for what takes a model or a terminal, and documents made on the fly."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from builder.models.catalog import ModelSource
from builder.models.embedder import Embedder
from builder.records import Chunk
from builder.text.terms import normalize
from connectors.item import document_id
from connectors.records import Document, Part, Product

_TOKEN = re.compile(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Words of Latin letters and digits, and every other character: the sum over pieces that are
    joined with a line break is the count of the whole."""
    return [len(_TOKEN.findall(text)) for text in texts]


class FakeEmbedder(Embedder):
    """Texts with common character trigrams have near vectors. Remembers the passages embedded."""

    def __init__(self, name: str = "fake", dimension: int = 64) -> None:
        super().__init__(ModelSource(name, name, (), "", name))
        self.dimension = dimension
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> Any:
        self.embedded.extend(texts)
        return super().passages(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return count_tokens(texts)

    def _forward(self, texts: list[str]) -> Any:
        return np.stack([self._vector(text.partition(": ")[2]) for text in texts])

    def _vector(self, text: str) -> Any:
        vector = np.zeros(self.dimension, dtype=np.float32)
        plain = "".join(normalize(text).split())
        for at in range(max(1, len(plain) - 2)):
            digest = hashlib.sha256(plain[at : at + 3].encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)


class ListVoice:
    """A voice that remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def progress(self, text: str) -> None:
        self.shown.append(text)


def make_document(
    *texts: str, suffix: str = "md", locator: str = "", products: Sequence[Product] = ()
) -> Document:
    """A document with one part a text; with a `locator` (`page`), these are `page 1`, `page 2`."""
    source = f"handbook.{suffix}"
    return Document(
        id=document_id(source),
        source=source,
        title="Handbook",
        language="ja" if re.search("[ぁ-ん]", "".join(texts)) else "en",
        format=suffix,
        content_hash=hashlib.sha256("".join(texts).encode()).hexdigest(),
        parts=tuple(
            Part(f"{locator} {number}" if locator else "", text)
            for number, text in enumerate(texts, 1)
        ),
        products=tuple(products),
    )


def make_product(sku: str, name: str, row: int = 2, **cells: str) -> Product:
    columns = (("SKU", sku), ("Name", name), *cells.items())
    return Product(sku=sku, name=name, locator=f"row {row}", cells=columns)


def make_chunk(name: str, text: str, **changes: Any) -> Chunk:
    """A chunk of its own document `name`."""
    fields: dict[str, Any] = {
        "id": hashlib.sha256(f"{name}\0{text}".encode()).hexdigest()[:16],
        "document_id": document_id(name),
        "source": name,
        "title": name,
        "locator": "",
        "headings": (),
        "language": "en",
        "kind": "prose",
        "text": text,
        "model_text": text,
        "spans": ((0, 0, len(text)),),
        "tokens": count_tokens([text])[0],
    }
    return Chunk(**{**fields, **changes})

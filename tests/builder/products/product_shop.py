"""Catalogues as product tables, and who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builder_fakes import count_tokens

from builder.knowledge.products import build
from builder.prepare.chunk import chunk_document
from builder.products.answer import ProductAnswers, Said
from builder.records import CatalogEntry, Message, Question
from connectors.records import Document
from connectors.sources import open_source

CATALOGUE = Path(__file__).parents[3] / "samples" / "company" / "catalog"


class Shop:
    """A product table, and what is said to somebody who may read it all, or less."""

    def __init__(self, path: Path, entries: Sequence[CatalogEntry]) -> None:
        build(path, entries)
        self.path = path
        self.entries = {entry.chunk.id: entry for entry in entries}
        self.answers = ProductAnswers(path)

    def reopened(self) -> Shop:
        """The same table, read anew."""
        self.answers = ProductAnswers(self.path)
        return self

    def asked(
        self, question: str, history: Sequence[str] = (), hidden: frozenset[str] = frozenset()
    ) -> Said | None:
        """`hidden`: SKUs that the asker may not see."""
        allowed = {i for i, e in self.entries.items() if e.product.sku not in hidden}
        turns = tuple(Message("user", text) for text in history)
        return self.answers.answer(Question("q", question, turns), allowed)

    def text(self, question: str, *history: str) -> str | None:
        """Only the words."""
        said = self.asked(question, history)
        return said.text if said else None


def shop_of(path: Path, folder: Path) -> Shop:
    """The shop of the catalogues in a folder."""
    entries = []
    for item in open_source(str(folder)).items():
        for document in item.read():  # type: ignore[union-attr]
            assert isinstance(document, Document)
            chunks = {c.locator: c for c in chunk_document(document, 400, count_tokens) if c.sku}
            entries += [CatalogEntry(chunks[p.locator], p) for p in document.products]
    return Shop(path, entries)

"""A passage is a chunk with its neighbours; no chunk stands in two, and documents do not mix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builder_fakes import make_chunk

from builder.knowledge import join
from builder.knowledge.index import beside
from builder.knowledge.join import joined
from builder.records import Chunk, Passage


class Ordered:
    """Chunks in the order of their documents, as the index has them."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks = chunks

    def neighbours(self, chunk: Chunk) -> tuple[Chunk | None, Chunk | None]:
        place = self._chunks.index(chunk)
        before = self._chunks[place - 1] if place else None
        after = self._chunks[place + 1] if place + 1 < len(self._chunks) else None
        return beside(chunk, before), beside(chunk, after)


def piece(source: str, text: str, tokens: int = 100, kind: Any = "prose") -> Chunk:
    return replace(make_chunk(source, text), tokens=tokens, kind=kind)


A1, A2, A3, A4 = (piece("a.md", f"a{n}") for n in range(1, 5))
B1 = piece("b.md", "b1")
INDEX: Any = Ordered([A1, A2, A3, A4, B1])


def found(*chunks: Chunk) -> list[Passage]:
    return [Passage(chunk, 1.0 / place, 0.9, 0.5) for place, chunk in enumerate(chunks, 1)]


def test_a_passage_grows_to_the_better_neighbour_first_and_stays_within_the_limit() -> None:
    (passage,) = joined(INDEX, found(A3, A2), 1)
    assert passage.chunks == (A2, A3, A4)
    assert sum(chunk.tokens for chunk in passage.chunks) <= join.JOINED_TOKENS
    assert passage.text == "a2\na3\na4"
    assert passage.chunk == A3


def test_no_chunk_is_in_two_passages_and_documents_do_not_mix() -> None:
    passages = joined(INDEX, found(A4, B1, A3, A1), 5)
    assert [p.chunks for p in passages] == [(A2, A3, A4), (B1,), (A1,)]


def test_a_product_stays_alone() -> None:
    row = piece("p.csv", "SKU: X", kind="product")
    other = piece("p.csv", "SKU: Y", kind="product")
    (passage,) = joined(Ordered([row, other]), found(row), 1)  # type: ignore[arg-type]
    assert passage.chunks == (row,)


def test_only_as_many_as_wanted() -> None:
    assert len(joined(INDEX, found(A1, B1, A4), 1)) == 1

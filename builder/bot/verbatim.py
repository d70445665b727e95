"""Citations whose quote is one unbroken stretch of the source."""

from __future__ import annotations

from builder.records import Chunk, Citation


def citations_of(chunk: Chunk, start: int, end: int) -> tuple[Citation, ...]:
    """Citations of `chunk.text[start:end]`: one for each stretch of the document in it.

    A chunk's text is stretches of its document joined with a line break. A quote across a joint
    would stand nowhere in the source, so it is cut there.
    """
    out = []
    for first, last in _stretches(chunk):
        quote = chunk.text[max(first, start) : min(last, end)].strip()
        if quote:
            out.append(Citation(chunk.source, chunk.locator, quote))
    return tuple(dict.fromkeys(out))


def _stretches(chunk: Chunk) -> list[tuple[int, int]]:
    """(start, end) in `chunk.text` of each of its spans; the whole where it has none (products)."""
    out, at = [], 0
    for _, first, last in chunk.spans:
        out.append((at, at + last - first))
        at += last - first + 1
    return out or [(0, len(chunk.text))]

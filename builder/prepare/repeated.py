"""Headers and footers: lines that come again at the top or bottom of most pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from builder.prepare.blocks import Block

EDGE = 3  # blocks looked at from the top and from the bottom of a page
MIN_PAGES = 3
MIN_SHARE = 0.6


def repeated_blocks(texts: Sequence[str], pages: Sequence[Sequence[Block]]) -> set[Block]:
    """The blocks to leave out: their text, numbers aside, stands at the edge of most pages.

    `texts` are the Parts' texts, `pages` each one's blocks. Nothing is left out of documents with
    fewer than three pages, nor the same table head twice on two pages.
    """
    if len(pages) < MIN_PAGES:
        return set()
    seen: Counter[str] = Counter()
    edges: list[list[Block]] = []
    for text, blocks in zip(texts, pages, strict=True):
        edge = [b for b in [*blocks[:EDGE], *blocks[-EDGE:]] if b.kind != "row"]
        edges.append(edge)
        seen.update({_shape(text[b.start : b.end]) for b in edge})
    needed = max(MIN_PAGES, MIN_SHARE * len(pages))
    return {
        block
        for text, edge in zip(texts, edges, strict=True)
        for block in edge
        if seen[_shape(text[block.start : block.end])] >= needed
    }


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s+", " ", text)).strip().casefold()

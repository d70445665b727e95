"""Headers and footers: lines that come again at the top or bottom of most pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from builder.text.blocks import Block

EDGE = 3  # blocks looked at from the top and from the bottom of a page
MIN_PAGES = 3
MIN_SHARE = 0.6
LONGEST = 150  # characters: what is longer is text, however often it comes
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")


def repeated_blocks(texts: Sequence[str], pages: Sequence[Sequence[Block]]) -> set[Block]:
    """The blocks to leave out: their text, the page's number aside, stands at the edge of most
    pages.

    `texts` are the Parts' texts, `pages` each one's blocks. Nothing is left out of documents with
    fewer than three pages, nor the same table head twice on two pages.
    """
    if len(pages) < MIN_PAGES:
        return set()
    seen: Counter[str] = Counter()
    shapes: dict[Block, set[str]] = {}
    for page, (text, blocks) in enumerate(zip(texts, pages, strict=True)):
        edge = {b: set(_shapes(text, b, page)) for b in [*blocks[:EDGE], *blocks[-EDGE:]]}
        shapes |= edge
        seen.update(set().union(*edge.values()))
    needed = max(MIN_PAGES, MIN_SHARE * len(pages))
    return {block for block, own in shapes.items() if any(seen[shape] >= needed for shape in own)}


def _shapes(text: str, block: Block, page: int) -> Iterator[str]:
    """The block's text, and its text with each number as its distance from the page: `page 3 of 9`
    is the same on every page, while the telephone number of another shop is another text."""
    line = re.sub(r"\s+", " ", text[block.start : block.end]).strip().casefold()
    is_list = block.kind == "item" and any(char.isalpha() for char in line)  # `- 3 -` is no list
    if block.kind == "row" or is_list or len(line) > LONGEST:
        return
    yield line
    if block.kind != "heading":
        for match in _NUMBER.finditer(line):
            yield f"{line[: match.start()]}\0{int(match[0]) - page}\0{line[match.end() :]}"

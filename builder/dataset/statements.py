"""Sentences of a chunk that may hold a fact, each with its place and what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from builder.dataset.blocks import Block, Item, blocks
from builder.dataset.topics import topic
from builder.records import Chunk
from builder.text.sentences import sentence_spans

_MARKUP = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_DOCUMENT_LINE = re.compile(
    r"^(?:文書番号|保管|更新日|施行日|最終改定|Document\s|Updated\s|Version\s|- (?:Date|Place))"
    r"|Last revised|Revised \d|In force from"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: `text` cleaned of marks, `quote` as it stands in the chunk's model text."""

    text: str
    quote: str
    topic: str
    in_list: bool = False
    first: bool = False
    """First sentence of the chunk's prose."""
    before: str = ""
    """The sentence before it in the same block."""


def statements(chunk: Chunk) -> Iterator[Statement]:
    """Every sentence of the prose and the lists of a chunk."""
    about = topic(chunk)
    headings = {heading.strip() for heading in (*chunk.headings, chunk.title)}
    first = True
    for block in blocks(chunk.model_text):
        if block.kind in ("heading", "table") or block.text.strip() in headings:
            continue
        for start, end, in_list in _stretches(block):
            before = ""
            for left, right in sentence_spans(chunk.model_text[start:end]):
                quote = chunk.model_text[start + left : start + right]
                text = clean(quote)
                if _DOCUMENT_LINE.search(text):
                    continue
                yield Statement(text, quote, about, in_list, first, before)
                first, before = False, text


def clean(text: str) -> str:
    """A sentence without Markdown marks and with single spaces."""
    return re.sub(r"\s+", " ", _MARKUP.sub("", text)).strip()


def lists(chunk: Chunk) -> Iterator[tuple[str, Block]]:
    """Every list of a chunk with the line before it (empty where there is none)."""
    before = ""
    for block in blocks(chunk.model_text):
        if block.kind == "list":
            yield before, block
        before = block.text if block.kind == "paragraph" else ""


def top_items(block: Block) -> list[Item]:
    """The items of a list that are not nested in another."""
    least = min(item.indent for item in block.items)
    return [item for item in block.items if item.indent == least]


def _stretches(block: Block) -> Iterator[tuple[int, int, bool]]:
    if block.kind == "list":
        for item in block.items:
            yield item.start, item.end, True
    else:
        yield block.start, block.end, False

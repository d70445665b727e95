"""Sentences of a chunk that may hold a fact, each with its place and what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from builder.dataset.blocks import Block, Item, blocks
from builder.dataset.topics import clean_heading, heading_lines, is_heading, local_topics
from builder.records import Chunk
from builder.text.sentences import sentence_spans
from builder.text.terms import normalize

_MARKUP = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_MARKS = re.compile(r"^\s*(?:[・•]\s*|□\s*(?:\d+(?:-\d+)*\s+)?|A\d+[.．:：]\s*|A[.．:：]\s+)|\s+$")
_DOCUMENT_LINE = re.compile(
    r"^(?:Q\d*[.．:：]|文書番号|保管|更新日|施行日|最終改定|Document\s|Updated\s|Version\s)"
    r"|Last revised|Revised \d|In force from"
)

_INCOMPLETE = re.compile(
    r"[:：]$|\bfollowing\b|\b(?:above|below)\b(?! \d| zero| the)|^(?:similarly|likewise"
    r"|conversely|then)\b|"
    r"^(?:may|can|must|should|will|and|or|but)\s[a-z]|\[\^|"
    r"次のとおり|[以上下]記|下の|以下の|次の(?:各号|いずれ|書類|事項|表|場合|者|費用|算式|措置"
    r"|範囲)|次に掲げる|この限り|前[0-9]?[項号条]|同[条項]|本[条項]|"
    r"^[^。]*\?$|</?[a-z]+[ >]|\s[.,;](?:\s|$)|\b(?:in|or|at|the|to|on|with) \.",
    re.IGNORECASE,
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
    body: str = ""
    """The whole model text of its chunk."""
    document: str = ""
    """The document's title, for `この規程` and the like."""


def statements(chunk: Chunk) -> tuple[Statement, ...]:
    """Every sentence of the prose and the lists of a chunk."""
    return _statements(chunk)


@lru_cache(maxsize=8)  # each finder goes through the same chunk
def _statements(chunk: Chunk) -> tuple[Statement, ...]:
    return tuple(_found(chunk))


def _found(chunk: Chunk) -> Iterator[Statement]:
    topics = local_topics(chunk)
    headings = heading_lines(chunk) | {normalize(chunk.title).strip()}
    title = clean_heading(chunk.title)
    first = True
    for block in blocks(chunk.model_text):
        if block.kind in ("heading", "table") or is_heading(block.text, headings):
            continue
        for start, end, in_list in _stretches(block):
            before = ""
            for left, right in sentence_spans(chunk.model_text[start:end]):
                quote = chunk.model_text[start + left : start + right]
                text = clean(quote)
                if not _DOCUMENT_LINE.search(text) and not _INCOMPLETE.search(text):
                    about = topics(start)
                    yield Statement(
                        text, quote, about, in_list, first, before, chunk.model_text, title
                    )
                first, before = False, text


def clean(text: str) -> str:
    """A sentence without Markdown marks and with single spaces."""
    return _MARKS.sub("", re.sub(r"\s+", " ", _MARKUP.sub("", text)))


def entries(chunk: Chunk) -> Iterator[Item]:
    """Every entry of the chunk's lists."""
    for block in blocks(chunk.model_text):
        yield from block.items


def _stretches(block: Block) -> Iterator[tuple[int, int, bool]]:
    if block.kind == "list":
        for item in block.items:
            yield item.start, item.end, True
    else:
        yield block.start, block.end, False

"""Sentences of a text, as spans, in Japanese and English."""

from __future__ import annotations

import re

# A Japanese full stop ends a sentence wherever it stands, but not inside brackets or quotation.
_JAPANESE_END = re.compile(r"[。！？]+[」』）)”]*")
_ENGLISH_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9*_`#]|\s*$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|nos|fig|approx|dept|mr|mrs|ms|dr|prof|st|inc|ltd|co|u\.s)"
    r"|\b[A-Z]|^\s*\d{1,2})\.$",
    re.IGNORECASE,
)
_PARTICLES = tuple("のをはがにでとへもや、及並又若")
_OPEN = "「『（("
_CLOSE = "」』）)"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, without surrounding white space; line breaks that are a blank
    line or start a list item, heading or table row end a sentence too."""
    spans: list[tuple[int, int]] = []
    for start, end in _block_spans(text):
        spans.extend(_split_block(text, start, end))
    return spans


def sentences(text: str) -> list[str]:
    """The sentences themselves, verbatim."""
    return [text[start:end] for start, end in sentence_spans(text)]


_BLOCK = re.compile(
    r"\n\s*\n|\n(?=\s*(?:[-*+]\s|[•・]|\d+[.)]\s|#|\||[（(]?[0-9０-９①-⑳]+[）).．]))"
)


def _block_spans(text: str) -> list[tuple[int, int]]:
    edges = [0]
    for match in _BLOCK.finditer(text):
        edges.extend((match.start(), match.end()))
    edges.append(len(text))
    return [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i] < edges[i + 1]]


def _split_block(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    at = start
    for stop in sorted({*_japanese_ends(text, start, end), *_english_ends(text, start, end), end}):
        left, right = at, stop
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            spans.append((left, right))
        at = stop
    return spans


def _japanese_ends(text: str, start: int, end: int) -> list[int]:
    ends, depth, last = [], 0, start
    for match in _JAPANESE_END.finditer(text, start, end):
        before = text[last : match.start()]
        depth += sum(before.count(c) for c in _OPEN) - sum(before.count(c) for c in _CLOSE)
        tail = sum(match[0].count(c) for c in _CLOSE)
        # An unclosed bracket must not swallow the rest: it counts within one sentence only.
        if tail and text[match.end() : match.end() + 1] in _PARTICLES:
            depth = max(0, depth - tail)  # `（以下「規則」という。）の定め`: the sentence goes on
        elif depth - tail <= 0:
            ends.append(match.end())
            depth = 0
        else:
            depth -= tail
        last = match.end()
    return ends


def _english_ends(text: str, start: int, end: int) -> list[int]:
    return [
        match.end()
        for match in _ENGLISH_END.finditer(text, start, end)
        if not (
            match[0] == "."
            and _ABBREVIATION.search(text, max(start, match.end() - 12), match.end())
        )
    ]

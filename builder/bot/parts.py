"""A question that asks two things, taken apart."""

from __future__ import annotations

import re

from builder.text.terms import content_terms

_ENGLISH = re.compile(
    r"(?<=[?])\s+(?=\S)|,?\s+and\s+(?=(?:how|what|when|where|who|which|why|is|are|do|does|can|may"
    r"|must|should|will)\b)",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"(?<=[？?])(?=\S)|(?<=か)、(?=\S)|(?<=か)。(?=\S)|[、。](?:それと|あと|また|そして|それから)、?"
)
MOST = 3
_LEAST_TERMS = 2  # content terms: a part with fewer leans on the other


def parts_of(question: str) -> list[str]:
    """The questions in it, in order; the question itself where it is one."""
    pieces = [
        piece.strip()
        for part in _JAPANESE.split(question)
        for piece in _ENGLISH.split(part)
        if piece and piece.strip()
    ]
    if not 1 < len(pieces) <= MOST:
        return [question]
    if any(len(content_terms(piece)) < _LEAST_TERMS for piece in pieces):
        return [question]
    return pieces

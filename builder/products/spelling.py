"""Typing errors, mended where one word only can be meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.products.attributes import vocabulary
from builder.products.plain import plain

if TYPE_CHECKING:
    from builder.products.parse import Parser

_SHORTEST = 4  # letters: shorter words have too many neighbours
_MOST_ERRORS = 2  # in one question: with more it is about something else
_LONG = 8  # letters of a word that may hold two errors


def corrected(question: str, parser: Parser) -> str | None:
    """The question with its unknown English words replaced by the only known ones like them; None
    where there is nothing to mend, or more than one way to do so."""
    unknown = parser.unknown_words(question)
    if not 0 < len(unknown) <= _MOST_ERRORS:
        return None
    known = {
        word
        for member in parser.members
        for word in re.findall("[a-z]+", plain(f"{member.name} {member.category}"))
    } | vocabulary(parser.catalogue)
    text = plain(question)
    for word in unknown:
        meant = _meant(word, known)
        if meant is None:
            return None
        text = re.sub(rf"(?<![a-z]){re.escape(word)}(?![a-z])", meant, text)
    return text


def _meant(word: str, known: set[str]) -> str | None:
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    allowed = 2 if len(word) >= _LONG else 1
    near = [(distance(word, one), one) for one in known if abs(len(one) - len(word)) <= allowed]
    least = min((far for far, _ in near), default=allowed + 1)
    closest = {one for far, one in near if far == least}
    singular = {one.removesuffix("s") for one in closest}
    return min(closest, key=len) if least <= allowed and len(singular) == 1 else None


def distance(left: str, right: str) -> int:
    """Letters to change, add, drop or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]

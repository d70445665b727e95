"""How many of a product somebody would buy: `two K-210`, `K-210を2台買うと`."""

from __future__ import annotations

import re

from builder.products.plain import Remaining, compiled

_NUMBERS = "one two three four five six seven eight nine ten".split()
_ENGLISH = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})(?: (?:pieces|units|sets))?(?: of)?(?: the)? (?=│)"
)
_JAPANESE = compiled(
    r"(\d{1,3})(?:台|個|本|枚|つ|セット|箱|袋|点)(?:を|で|だと|なら|分|の|は)*"
    r"(?=買|かう|購入|注文|│|いくら|おいくら|値段|価格)"
)


def take_amount(remaining: Remaining) -> int:
    """The number before a product that was taken already, or counted before buying; else 1."""
    for pattern in (_ENGLISH, _JAPANESE):
        taken = remaining.take(pattern)
        if len(taken) == 1:
            said = taken[0][1]
            return int(said) if said.isdigit() else _NUMBERS.index(said) + 1
    return 1

"""What is found in a text, and the text as the recognizers read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal[
    "email",
    "card",
    "my-number",
    "ssn",
    "bank-account",
    "passport",
    "licence",
    "birth-date",
    "phone",
    "address",
    "name",
]
SEVERE: frozenset[str] = frozenset(
    {"card", "my-number", "ssn", "bank-account", "passport", "licence"}
)
"""Kinds with which somebody can take money or another's place."""
_DASHES = "‐‑‒–—―−－﹣"


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text that is personal data."""

    kind: Kind
    start: int
    end: int
    value: str
    """In canonical form: the same for every spelling of one number, address or name."""


Recognizer = Callable[[str], Iterator[Finding]]
"""Finds in a folded text."""


def fold(text: str) -> str:
    """Full-width letters, digits and signs as ASCII, every dash a hyphen; of the same length, so
    that places in it are places in the text."""
    folded = text.translate(_table())
    # The long-vowel sign does for a hyphen between digits: `０３ー１２３４`.
    return re.sub(r"(?<=\d)ー(?=\d)", "-", folded)


def digits_of(text: str) -> str:
    """Its digits alone."""
    return "".join(char for char in text if char.isdigit())


def plain(text: str) -> str:
    """Without white space and case: how names and addresses are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    wide = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    return {**wide, 0x3000: " ", 0xA0: " ", **{ord(dash): "-" for dash in _DASHES}}

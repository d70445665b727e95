"""RTF as tokens: groups, control words, bytes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `bytes` are text in the encoding of the current font."""

    kind: Literal["open", "close", "word", "symbol", "bytes"]
    text: bytes = b""
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens in order; binary data is left out, line breaks mean nothing."""
    at = 0
    while match := _TOKEN.match(data, at):
        at = match.end()
        if match["hex"]:
            yield Token("bytes", bytes.fromhex(match["hex"].decode("ascii")))
        elif match["text"]:
            yield Token("bytes", match["text"])
        elif match["brace"]:
            yield Token("open" if match["brace"] == b"{" else "close")
        elif match["word"] == b"bin":
            at += max(int(match["number"] or 0), 0)
        elif match["word"]:
            number = int(match["number"]) if match["number"] else None
            yield Token("word", match["word"], number)
        elif match["symbol"] in (b"\\", b"{", b"}"):
            yield Token("bytes", match["symbol"])  # may be the second byte of a character
        elif match["symbol"]:
            yield Token("symbol", match["symbol"])

"""Text as it is compared here, and a text whose words are taken one after the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from builder.text.numbers import in_digits
from builder.text.terms import stem

_DASHES = re.compile("[‐‑‒–—−﹣－]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_TAKEN = "│"
_CODES = re.compile(r"\b([A-Z]+-?\d+)s\b")  # `two K-210s` is no K-210S
_WORD = re.compile(r"[a-z0-9À-ɏ°%]+(?:[-./'][a-z0-9À-ɏ]+)*")
CJK = "぀-ヿ㐀-䶿一-鿿々ー"


def hiragana(text: str) -> str:
    """Katakana as hiragana: `タンパク質` and `たんぱく質` are one word."""
    return text.translate(_TO_HIRAGANA)


def katakana(text: str) -> str:
    """Hiragana as katakana, as units are spelled."""
    return text.translate(_TO_KATAKANA)


def plain(text: str) -> str:
    """Without width, case, kinds of kana, dashes and quotation marks."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    return re.sub(r"\s+", " ", hiragana(_DASHES.sub("-", folded))).strip()


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for plain text; it may be written in katakana."""
    return re.compile(hiragana(pattern))


def words_of(text: str) -> list[str]:
    """Stems of the Latin words of a plain text."""
    return [stem(word) for found in _WORD.findall(text) for word in re.split(r"[-/.](?!\d)", found)]


class Remaining:
    """A question, of which every reader takes the words that it has understood."""

    def __init__(self, text: str) -> None:
        self.text = plain(_CODES.sub(r"\1", text))

    def spell_digits(self) -> None:
        """`五千円` as `5000円`: names, which may hold such words, have to be taken before."""
        self.text = in_digits(self.text)

    def take(
        self, pattern: re.Pattern[str], accepts: Callable[[re.Match[str]], bool] = lambda _: True
    ) -> list[re.Match[str]]:
        """All matches that are accepted; their words are gone for the next reader."""
        found = [match for match in pattern.finditer(self.text) if accepts(match)]
        for match in reversed(found):
            self.cut(*match.span())
        return found

    def cut(self, start: int, end: int) -> None:
        """Take a stretch; the places of what remains stay the same."""
        self.text = self.text[:start] + _TAKEN * (end - start) + self.text[end:]

    def pieces(self) -> list[tuple[int, str]]:
        """(place, text) of what nobody has taken."""
        return [(m.start(), m[0]) for m in re.finditer(f"[^{_TAKEN}]+", self.text) if m[0].strip()]

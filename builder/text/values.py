"""Values in a text that must never be invented: numbers, dates, amounts, codes, addresses."""

from __future__ import annotations

import re
import unicodedata

_KANJI_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Not a word boundary: a kana beside a code (`はK-210です`) is a word character too.
_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![A-Za-z0-9])"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://[^\s)>\]」』、。\"']+")
_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十百]+(?=[年月日人名回週歳円時分割条項号か箇ヶ])")
_ERA = re.compile(r"(令和|平成|昭和)\s*(元|\d+)\s*年")
_ERA_START = {"令和": 2018, "平成": 1988, "昭和": 1925}
_WORDS = {
    word: str(value)
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
         "eleven", "twelve"]
    )
}  # fmt: skip


def values(text: str) -> set[str]:
    """Every value in canonical form: `１，２００` is `1200`, `令和6年` is also `2024`."""
    folded = unicodedata.normalize("NFKC", text)
    found = {_canonical(match[0]) for match in _NUMBER.finditer(folded)}
    found |= {match[0].upper() for match in _CODE.finditer(folded)}
    found |= {match[0].lower() for match in _MAIL.finditer(folded)}
    found |= {match[0].rstrip(".,") for match in _URL.finditer(folded)}
    for era, year in _ERA.findall(folded):
        found.add(str(_ERA_START[era] + (1 if year == "元" else int(year))))
    found |= {str(_kanji_value(match[0])) for match in _KANJI_NUMBER.finditer(folded)}
    return found


def spelled_values(text: str) -> set[str]:
    """Numbers written as English words (`three`): they support a digit in an answer, but a word in
    an answer is not held to be a number (`one of them`)."""
    return {_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS}


def unsupported_values(answer: str, source: str) -> set[str]:
    """Values of the answer that the source does not hold."""
    return values(answer) - values(source) - spelled_values(source)


def _canonical(number: str) -> str:
    plain = number.replace(",", "")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0"


def _kanji_value(digits: str) -> int:
    if not re.search("[十百]", digits):
        return int("".join(_KANJI_DIGITS[c] for c in digits))
    total = current = 0
    for char in digits:
        if char in _KANJI_DIGITS:
            current = int(_KANJI_DIGITS[char])
        else:
            total += (current or 1) * {"十": 10, "百": 100}[char]
            current = 0
    return total + current

"""Numbers written as words brought into digits: `三十日` is `30日`, `1万2千` is `12000`."""

from __future__ import annotations

import re
from decimal import Decimal

_KANJI_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_COUNTERS = (
    r"年|番目|[かヶカヵケ箇]月|月|日|週|時間|時(?![的々])|分間?|秒|円|ドル|人|名|回|個|台|件|歳|才|割|枚|本|冊|部屋"
    r"|つ|倍|泊|階|号|条|項|章|節|級|等|株|坪|%|パーセント"
)
# 十分 is "enough" but for a span of time; 一日中, 一人ひとり and 万一 say no amount that matters.
_KANJI = re.compile(
    rf"(?<![\d数幾何〇一二三四五六七八九十百千])(?!十分(?!間|以内|前|後|ごと|程度|おき))"
    rf"[〇一二三四五六七八九十百千]+(?=[万億兆]|{_COUNTERS})|(?<=第)[〇一二三四五六七八九十百]+"
)
_MYRIAD = re.compile(
    r"(?<![\d.,])(?:\d[\d,]*(?:\.\d+)?[千百]?[万億兆]|\d[\d,]*(?:\.\d+)?千)+(?:\d[\d,]*千?)?"
)
_STEP = re.compile(r"(\d[\d,]*(?:\.\d+)?)?([百千]?)([万億兆]?)")
_SCALE = re.compile(
    r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s?(thousand|million|billion|trillion)\b", re.IGNORECASE
)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_ONES)} | {
    word: 10 * n for n, word in enumerate(_TENS, 2)
}
_ENGLISH = re.compile(
    rf"\b({'|'.join(_TENS)})[- ]({'|'.join(_ONES[1:10])})\b|\b({'|'.join(_ONES + _TENS)})\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[ -](?:thousand|million|billion)\b"
    r"|[ -](?:(?:business|working|calendar|consecutive|full) )?(?:percent|per cent|yen"
    r"|(?:second|minute|hour|day|week|month|year|dollar|euro|cent|pound|mile|meter|metre|liter"
    r"|litre|gram)s?\b)",
    re.IGNORECASE,
)


def in_digits(text: str) -> str:
    """The text with kanji numerals, `1万2千`, `1.2 million` and counted English words (`three
    days`) as digits. `text` is in NFKC."""
    text = _KANJI.sub(lambda match: str(kanji_value(match[0])), text)
    text = _MYRIAD.sub(lambda match: _myriads(match[0]), text)
    text = _ENGLISH.sub(lambda match: _if_counted(match, text), text)
    return _SCALE.sub(lambda m: canonical(Decimal(_bare(m[1])) * _SCALES[m[2].lower()]), text)


def spelled_values(text: str) -> set[str]:
    """Every number written as English words (`three`): they support a digit in an answer, but a
    word in an answer is not held to be a number (`one of them`) unless it counts something."""
    return {str(_english(match)) for match in _ENGLISH.finditer(text)}


def canonical(number: Decimal) -> str:
    """Plain digits without trailing zeros: `1.50` is `1.5`, `1E+3` is `1000`."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimal(digits: str) -> Decimal:
    """`1,200.50` as a number."""
    return Decimal(_bare(digits))


def kanji_value(digits: str) -> int:
    """The number that kanji numerals say: `三十` and `三〇` are 30."""
    if not set(digits) & set(_SMALL):
        return int("".join(str(_KANJI_DIGITS[c]) for c in digits))
    total = current = 0
    for char in digits:
        if char in _KANJI_DIGITS:
            current = _KANJI_DIGITS[char]
        else:
            total += (current or 1) * _SMALL[char]
            current = 0
    return total + current


def _bare(digits: str) -> str:
    return digits.replace(",", "")


def _myriads(text: str) -> str:
    total = section = Decimal(0)
    for number, small, large in _STEP.findall(text):
        if number:
            section += Decimal(_bare(number)) * _SMALL.get(small, 1)
        elif small:
            section += _SMALL[small]
        if large:
            total += section * _LARGE[large]
            section = Decimal(0)
    return canonical(total + section)


def _if_counted(match: re.Match[str], text: str) -> str:
    counted = _COUNTED.match(text, match.end())
    return str(_english(match)) if counted else match[0]


def _english(match: re.Match[str]) -> int:
    if match[3]:
        return _WORDS[match[3].lower()]
    return _WORDS[match[1].lower()] + _WORDS[match[2].lower()]

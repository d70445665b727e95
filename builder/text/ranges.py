"""Ranges of a quantity in a text: `100 km or more`, `fewer than 3 years`, `50km以上100km未満`,
`3 to 5 days`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from builder.text.numbers import decimal, in_digits
from connectors.catalog.units import unit_of

End = Literal["", "at least", "above", "at most", "below", "first"]

_NUMBER = r"(?<![\d.,/-])\d[\d,]{0,12}(?:\.\d{1,6})?"
_UNIT = (
    r"(?:[かヶカヵケ箇]月|週間?|時間|日間?|年間?|分間?|歳|円|°C|度|キログラム|グラム|キロメートル|キロ"
    r"|ミリリットル|ミリ|リットル|センチ|メートル|m2|人|名|個|合|点|枚|本|台|冊|回|件|泊"
    r"|(?:(?:business|working|calendar)\s)?(?!(?:in|a|an|of|to|and|or|at|on|for|am|pm|the)\b)"
    r"[a-zA-Z]+|[¥$€£%])"
)
_MEASURE = re.compile(rf"([¥$€£])?\s?({_NUMBER})[\s-]?({_UNIT})?")
# A day, a month or a year that has a name is no length of time.
_DATE = re.compile(r"(?:19|20)\d\d年|(?<!\d)\d{1,2}月\d{1,2}日|(?<!\d)\d{1,2}月")
_DASH = re.compile(rf"({_NUMBER})\s?[~〜–-]\s?(?=\d[\d,]{{0,12}}(?:\.\d{{1,6}})?[\s-]?{_UNIT})")
_TWO_ENDS = re.compile(
    rf"(?P<from>{_NUMBER})[\s-]?(?:{_UNIT})?(?:から|\s(?:to|and|or)\s)(?={_NUMBER}[\s-]?(?P<other>{_UNIT}))"
)
_COUNT_FIRST = re.compile(
    rf"({_NUMBER}) or (more|over|fewer|less|under) ((?:business |working |calendar )?[a-z]+)",
    re.IGNORECASE,
)
_BEFORE: tuple[tuple[End, re.Pattern[str]], ...] = (
    ("at least", re.compile(r"(?:at least|n(?:o|ot) (?:less|fewer) than|minimum of)\s*$", re.I)),
    (
        "at most",
        re.compile(
            r"(?:at most|up to|n(?:o|ot) (?:more|longer) than|not exceeding|maximum of)\s*$", re.I
        ),
    ),
    ("above", re.compile(r"(?:more than|over|above|exceeding|longer than)\s*$", re.I)),
    ("below", re.compile(r"(?:less than|fewer than|under|below|shorter than)\s*$", re.I)),
)
_AFTER: tuple[tuple[End, re.Pattern[str]], ...] = (
    (
        "at least",
        re.compile(
            r"\s*(?:以上|以降|or (?:more|over|longer|older|above)\b|\+|but (?:less|fewer|under)\b)",
            re.I,
        ),
    ),
    ("above", re.compile(r"\s*(?:超|を超え|をこえ)")),
    ("at most", re.compile(r"\s*(?:以下|以内|まで|or (?:less|fewer|under|below)\b)", re.I)),
    ("below", re.compile(r"\s*(?:未満|に満たない)")),
)
_SAME = {"¥": "円", "yen": "円", "jpy": "円", "dollar": "$", "usd": "$", "euro": "€", "eur": "€"}
_LONGEST_LEAD = 20  # characters looked at before a number


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a unit, in the unit's base where it has one (`1.5 km` is 1,500,000 mm)."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Range:
    """What lies above `low` and below `high`, of one unit."""

    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    with_low: bool = True
    with_high: bool = True

    def holds(self, number: Decimal) -> bool:
        """Whether the number of that unit lies in it."""
        above = self.low is None or number > self.low or (self.with_low and number == self.low)
        below = self.high is None or number < self.high or (self.with_high and number == self.high)
        return above and below


def is_covered(question: str, text: str) -> bool:
    """Whether a quantity of the question lies in a range that the text states: a trip of 150 km in
    `100 km or more`."""
    asked = quantities(question)
    return bool(asked) and any(
        one.unit == stated.unit and stated.holds(one.number)
        for stated in ranges(text)
        for one in asked
    )


def quantities(text: str) -> list[Quantity]:
    """The text's numbers that have a unit and are no end of a range."""
    return [quantity for quantity, end in _found(text) if not end]


def ranges(text: str) -> list[Range]:
    """The text's ranges in order. Two ends beside each other are one range."""
    out: list[Range] = []
    first: Quantity | None = None
    for quantity, end in _found(text):
        number, unit = quantity.number, quantity.unit
        if end == "first":
            first = quantity
        elif first is not None:
            out.append(Range(unit, first.number, number))
            first = None
        elif end in ("at least", "above"):
            out.append(Range(unit, low=number, with_low=end == "at least"))
        elif end:
            out.append(_closed(out, quantity, with_high=end == "at most"))
    return out


def _closed(before: list[Range], end: Quantity, *, with_high: bool) -> Range:
    """The range that this upper end closes: the last one, taken out of `before`, where it is open
    and begins below; else one without a lower end."""
    last = before[-1] if before else Range("")
    opens = last.unit == end.unit and last.high is None
    if not opens or last.low is None or last.low >= end.number:
        return Range(end.unit, high=end.number, with_high=with_high)
    before.pop()
    return Range(end.unit, last.low, end.number, last.with_low, with_high)


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[tuple[Quantity, End], ...]:
    """Each quantity, and which end of a range it is; empty for none."""
    folded = _DATE.sub(" ", in_digits(unicodedata.normalize("NFKC", text)))
    folded = _DASH.sub(r"\1 to ", _COUNT_FIRST.sub(r"\1 \3 or \2", folded))
    twos = {match.start("from"): match for match in _TWO_ENDS.finditer(folded)}
    out: list[tuple[Quantity, End]] = []
    for match in _MEASURE.finditer(folded):
        two = twos.get(match.start(2))
        if two and not match[3]:
            out.append((_quantity(match[2], two["other"]), "first"))
        elif word := match[1] or match[3]:
            quantity = _quantity(match[2], word)
            other = _quantity("0", two["other"]) if two else None
            is_first = other is not None and other.unit == quantity.unit
            out.append((quantity, "first" if is_first else _end(folded, match)))
    return tuple(out)


def _quantity(digits: str, word: str) -> Quantity:
    name = re.sub(r"^(?:business|working|calendar)\s", "", word.lower())
    unit = unit_of(name) or unit_of(name.removesuffix("間"))
    if unit is None:
        bare = name.removesuffix("間").removesuffix("s")
        return Quantity(decimal(digits), _SAME.get(bare, bare))
    return Quantity(decimal(digits) * unit.factor, unit.base)


def _end(text: str, match: re.Match[str]) -> End:
    before = text[max(0, match.start() - _LONGEST_LEAD) : match.start()]
    for end, pattern in _BEFORE:
        if pattern.search(before):
            return end
    for end, pattern in _AFTER:
        if pattern.match(text, match.end()):
            return end
    return ""

"""Ranges of a quantity in a text: `100 km or more`, `fewer than 3 years`, `50km以上100km未満`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from builder.text.numbers import decimal, in_digits
from connectors.catalog.units import unit_of

_NUMBER = r"(?<![\d.,/-])\d[\d,]*(?:\.\d+)?"
_UNIT = (
    r"(?:[かヶカヵケ箇]月|週間?|時間|日間?|年間?|分間?|歳|円|キログラム|グラム|キロメートル|キロ|ミリリットル|ミリ|リットル|センチ"
    r"|メートル|人|名|個|合|点|枚|[a-zA-Z]+|[¥$€£%℃㎡])"
)
_MEASURE = re.compile(rf"([¥$€£])?\s?({_NUMBER})[\s-]?({_UNIT})?")
_COUNT_FIRST = re.compile(
    rf"({_NUMBER}) or (more|over|fewer|less|under) ((?:business |working |calendar )?[a-z]+)",
    re.IGNORECASE,
)
_AT_LEAST_BEFORE = re.compile(r"(?:at least|no less than|minimum of|from)\s*$", re.IGNORECASE)
_ABOVE_BEFORE = re.compile(r"(?:more than|over|above|exceeding|longer than)\s*$", re.IGNORECASE)
_AT_MOST_BEFORE = re.compile(r"(?:at most|up to|no more than|not more than)\s*$", re.IGNORECASE)
_BELOW_BEFORE = re.compile(r"(?:less than|fewer than|under|below|shorter than)\s*$", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"\s*(?:以上|以降|or (?:more|over|longer|older|above)\b|\+|but (?:less|fewer|under)\b)",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"\s*(?:超|を超え|をこえ)")
_AT_MOST = re.compile(r"\s*(?:以下|以内|まで|or (?:less|fewer|under|below)\b)", re.IGNORECASE)
_BELOW = re.compile(r"\s*(?:未満|に満たない)")


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


def quantities(text: str) -> list[Quantity]:
    """The text's numbers that have a unit and are no end of a range."""
    return [quantity for quantity, end in _ends(text) if not end]


def ranges(text: str) -> list[Range]:
    """The text's ranges in order. Two ends beside each other are one range."""
    out: list[Range] = []
    for quantity, end in _ends(text):
        if not end:
            continue
        number, unit = quantity.number, quantity.unit
        if end in ("at least", "above"):
            out.append(Range(unit, low=number, with_low=end == "at least"))
            continue
        last = out[-1] if out else None
        opens = last is not None and last.high is None and last.unit == unit
        if last is not None and opens and last.low is not None and last.low < number:
            out[-1] = Range(unit, last.low, number, last.with_low, end == "at most")
        else:
            out.append(Range(unit, high=number, with_high=end == "at most"))
    return out


def _ends(text: str) -> Iterator[tuple[Quantity, str]]:
    """(quantity, which end of a range it is; empty for none)"""
    return iter(_found(text))


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[tuple[Quantity, str], ...]:
    folded = in_digits(unicodedata.normalize("NFKC", text))
    folded = _COUNT_FIRST.sub(r"\1 \3 or \2", folded)
    out = []
    for match in _MEASURE.finditer(folded):
        quantity = _quantity(match)
        if quantity is not None:
            out.append((quantity, _end(folded, match)))
    return tuple(out)


def _quantity(match: re.Match[str]) -> Quantity | None:
    word = (match[1] or match[3] or "").lower()
    number = decimal(match[2])
    if not word:
        return None
    unit = unit_of(word) or unit_of(word.removesuffix("間"))
    if unit is None:
        return Quantity(number, word.removesuffix("間").removesuffix("s"))
    return Quantity(number * unit.factor, unit.base)


def _end(text: str, match: re.Match[str]) -> str:
    before, after = text[max(0, match.start() - 20) : match.start()], text[match.end() :]
    for name, ahead, behind in (
        ("at least", _AT_LEAST_BEFORE, _AT_LEAST),
        ("above", _ABOVE_BEFORE, _ABOVE),
        ("at most", _AT_MOST_BEFORE, _AT_MOST),
        ("below", _BELOW_BEFORE, _BELOW),
    ):
        if ahead.search(before) or behind.match(after):
            return name
    return ""


def is_covered(question: str, text: str) -> bool:
    """Whether a quantity of the question lies in a range that the text states: a trip of 150 km in
    `100 km or more`."""
    asked = quantities(question)
    return bool(asked) and any(
        one.unit == stated.unit and stated.holds(one.number)
        for stated in ranges(text)
        for one in asked
    )

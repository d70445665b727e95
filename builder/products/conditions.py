"""Bounds in questions: `at least 1.5 L`, `under 6,000 yen`, `5000円以下`, `1〜2kg`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from builder.products.attributes import Found
from builder.products.catalogue import Catalogue
from builder.products.plain import Remaining, compiled, hiragana, katakana
from builder.products.records import Condition, Topic
from builder.products.vocabulary import CONCEPTS
from connectors.catalog.quantities import NUMBER, in_base
from connectors.catalog.units import spellings

_CURRENCIES = {
    "円": "JPY", "yen": "JPY", "jpy": "JPY", "¥": "JPY", "$": "USD", "usd": "USD",
    "dollars": "USD", "dollar": "USD", "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "ドル": "USD", "ユーロ": "EUR",
}  # fmt: skip
_NOT_HERE = frozenset(("in", "a", "n", "k", "t", "型", "ケ", '"', "″", "pounds"))
_MANY = {"万": 10000, "千": 1000, "k": 1000}

_BEFORE = {
    ">=": r"at least|a minimum of|minimum(?: of)?|no less than|not less than|>=|≥",
    ">": r"(?:more|greater|larger|higher|heavier|longer|taller|wider|bigger) than|over|above"
    r"|exceed(?:s|ing)|costlier than|>",
    "<=": r"at most|up to|no more than|not more than|a maximum of|max(?:imum)?(?: of)?"
    r"|within|a budget of|予算(?:は|が)?|<=|≤",
    "<": r"(?:less|fewer|smaller|lower|cheaper|lighter|shorter|narrower) than|under|below|<",
    "=": r"exactly",
}
_AFTER = {
    ">=": r"\s*以上の?|\s*からの?(?![^│]*まで)|\s*or (?:more|over|above|higher|up|heavier|larger)",
    ">": r"\s*(?:超の?|を?(?:超|こ)え(?:る|た|て)"
    r"|(?:より|を)(?:も)?(?:大きい|多い|重い|高い|長い|上回る))",
    "<=": r"\s*以下の?|\s*以内の?|\s*まで(?:の|で)?"
    r"|\s*or (?:less|under|below|lower|cheaper|lighter)",
    "<": r"\s*(?:未満の?|を切る|より(?:も)?(?:小さい|少ない|軽い|安い|低い|短い))",
}
_PRICEY = re.compile(r"cheaper|costlier|安い")
_MEANT = (
    (re.compile(r"lighter|heavier|軽い|重い"), "weight"),
    (re.compile(r"wider|narrower|広い|狭い"), "width"),
    (re.compile(r"taller"), "height"),
    (re.compile(r"longer|長い"), "length"),
)
_LIKE_A_PRICE = 100  # a number without a unit from here on, where nothing says what it bounds
_MAN = f"(?:[{''.join(_MANY)}](?![a-z]))?"


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound before it is known what it bounds."""

    start: int
    end: int
    least: tuple[Decimal, str] | None
    most: tuple[Decimal, str] | None
    is_open: bool
    words: str


def take_bounds(remaining: Remaining) -> list[Bound]:
    """Every bound, the ranges first."""
    found = [_range(match) for match in remaining.take(_ranges(), _is_measured)]
    for pattern, sign in _patterns():
        found += [_bound(match, sign) for match in remaining.take(pattern)]
    return sorted(found, key=lambda bound: bound.start)


def take_exact(
    remaining: Remaining, topics: list[Found], catalogue: Catalogue
) -> tuple[list[Condition], list[Found]]:
    """Numbers with a unit of which no bound is said (`a 3-year warranty`), as conditions, and the
    topics that none is about. What no property can state is left, and so are prices: who names one
    seldom means it to the yen."""
    conditions: list[Condition] = []

    def is_one(match: re.Match[str]) -> bool:
        value = _value(match, "1")
        bound = Bound(match.start(), match.end(), value, value, is_open=False, words="")
        if not value[1] or value[1] in _CURRENCIES.values():
            return False
        found = conditions_of([bound], topics, catalogue)
        if found is None:
            return False
        conditions.extend(found[0])
        topics[:] = found[1]
        return True

    remaining.take(_exact(), is_one)
    return conditions, topics


def conditions_of(
    bounds: Sequence[Bound], topics: Sequence[Found], catalogue: Catalogue
) -> tuple[list[Condition], list[Found]] | None:
    """What each bound is about, and the topics that none is about; None where that is not clear:
    a bound belongs to the nearest topic that has its unit, else to the one that its unit means."""
    left = list(topics)
    conditions = []
    for bound in bounds:
        unit = (bound.least or bound.most or (Decimal(0), ""))[1]
        near = sorted(
            (one for one in left if _can_be(one[1], unit, catalogue)),
            key=lambda one: min(abs(one[0] - bound.start), abs(one[0] - bound.end)),
        )
        topic = near[0][1] if near else _meant_by(bound.words, unit, catalogue)
        if topic is None:
            return None
        if near:
            left.remove(near[0])
        unit = unit or _only_unit(topic, catalogue)
        conditions.append(
            Condition(
                topic,
                unit,
                float(bound.least[0]) if bound.least else None,
                float(bound.most[0]) if bound.most else None,
                bound.is_open,
            )
        )
    return conditions, left


def _can_be(topic: Topic, unit: str, catalogue: Catalogue) -> bool:
    units = catalogue.units.get(topic.key, frozenset())
    return unit in units if unit else (len(units) == 1 and topic.key in ("price",)) or units == {""}


def _only_unit(topic: Topic, catalogue: Catalogue) -> str:
    units = catalogue.units.get(topic.key, frozenset())
    return next(iter(units)) if len(units) == 1 else ""


def _meant_by(words: str, unit: str, catalogue: Catalogue) -> Topic | None:
    if not unit and (_PRICEY.search(words) or _is_like_a_price(words)):
        price = catalogue.concepts.get("price")
        return price if price and _can_be(price, "", catalogue) else None
    if unit in _CURRENCIES.values():
        return catalogue.concepts.get("price")
    if not unit:
        return None
    usual = next((c.key for c in CONCEPTS if c.unit == unit), "")
    usual = next((key for pattern, key in _MEANT if pattern.search(words)), usual)
    topic = catalogue.concepts.get(usual)
    if topic and _can_be(topic, unit, catalogue):
        return topic
    having = [t for t in catalogue.topics if unit in catalogue.units.get(t.key, ())]
    return having[0] if len(having) == 1 else None


def _is_like_a_price(words: str) -> bool:
    number = re.search(rf"({NUMBER})\s*({_MAN})", words)
    if number is None:
        return False
    return Decimal(number[1].replace(",", "")) * _MANY.get(number[2], 1) >= _LIKE_A_PRICE


@cache
def _unit_pattern() -> str:
    units = [one for one in spellings() if one not in _NOT_HERE and not one.isdigit()]
    written = sorted({hiragana(u.casefold()) for u in [*units, *_CURRENCIES]}, key=len)[::-1]
    spelled = [re.escape(u) + (r"(?![a-z])" if u[-1].isascii() else "") for u in written]
    return "|".join(spelled)


def _amount(name: str) -> str:
    return (
        rf"(?P<sign{name}>[¥$€£])?\s*(?P<number{name}>{NUMBER})\s*(?P<many{name}>{_MAN})"
        rf"\s*(?P<unit{name}>{_unit_pattern()})?"
    )


@cache
def _ranges() -> re.Pattern[str]:
    low, high = _amount("1"), _amount("2")
    english = rf"\b(?:between|from)\s+{low}\s*(?:and|to|-)\s*{high}"
    japanese = rf"{low}\s*(?:~|〜|から|-)\s*{high}\s*(?:の間|まで)?の?"
    japanese = re.sub(r"\(\?P<(\w+)([12])>", r"(?P<\g<1>\g<2>j>", japanese)
    return compiled(f"{english}|{japanese}")


def _is_measured(match: re.Match[str]) -> bool:
    """Whether a range is one of a measure: not `12-15` of a part number."""
    names = ("sign1j", "unit1j", "sign2j", "unit2j")
    return "-" not in match[0] or bool(match["number1"]) or any(match[name] for name in names)


@cache
def _exact() -> re.Pattern[str]:
    number = rf"(?P<sign1>(?!))?(?<![a-z0-9.,-])(?P<number1>{NUMBER})[\s-]?(?P<many1>)"
    return compiled(rf"{number}(?P<unit1>{_unit_pattern()})")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    after = [(compiled(f"{_amount('1')}(?:{w})"), s) for s, w in _AFTER.items()]
    before = [(compiled(rf"(?<![a-z])(?:{w})\s*{_amount('1')}"), s) for s, w in _BEFORE.items()]
    return (*after, *before)


def _bound(match: re.Match[str], sign: str) -> Bound:
    value = _value(match, "1")
    return Bound(
        match.start(),
        match.end(),
        value if sign in (">", ">=", "=") else None,
        value if sign in ("<", "<=", "=") else None,
        sign in ("<", ">"),
        match[0],
    )


def _range(match: re.Match[str]) -> Bound:
    j = "j" if match["number1"] is None else ""
    most = _value(match, f"2{j}")
    least = _value(match, f"1{j}", match[f"unit2{j}"] or "", match[f"sign2{j}"] or "")
    return Bound(match.start(), match.end(), least, most, is_open=False, words=match[0])


def _value(
    match: re.Match[str], name: str, other_unit: str = "", other_sign: str = ""
) -> tuple[Decimal, str]:
    number = Decimal(match[f"number{name}"].replace(",", ""))
    number *= _MANY.get(match[f"many{name}"], 1)
    unit = match[f"sign{name}"] or match[f"unit{name}"] or other_sign or other_unit
    for spelling, currency in _CURRENCIES.items():
        if unit == hiragana(spelling):
            return number, currency
    in_units, base = in_base(number, unit)
    if base is None:
        in_units, base = in_base(number, katakana(unit))
    return (in_units, base) if base is not None else (number, unit)

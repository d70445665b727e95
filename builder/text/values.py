"""Values in a text that must never be invented: numbers, dates, amounts, codes, addresses.

Two spellings of one value are the same (`令和6年` and 2024, `1万2千円` and ¥12,000, 1.5 L and
1500 ml); a number with a unit is not the same as that number with another unit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from builder.text.dates import Moment, moments
from builder.text.numbers import canonical, decimal, in_digits, spelled_values
from connectors.catalog.units import unit_of

_NUMBER = r"(?<![\d.])\d[\d,]*(?:\.\d+)?"
_SIGN = r"((?:(?<=^)|(?<=[\s(（:：、。約]))[-−]|マイナス)?"
_SIGNED = re.compile(rf"{_SIGN}({_NUMBER})")
# Not a word boundary: a kana beside a code (`はK-210です`) is a word character too.
_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![A-Za-z0-9])"
)
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NO_END = r"[^\s\0<>)\]」』、。\"'”’]"
_URL = re.compile(
    rf"\b[a-z][a-z0-9+.-]*://{_NO_END}+|\b(?:javascript|vbscript|data|file|tel):{_NO_END}+"
    rf"|(?<![\w@.-])(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|net|org|edu|gov|mil|int|info|biz|io|dev|app|ai|jp"
    rf"|us|uk|de|fr|eu|cn|ru|kr|tw|me|tv|ly|xyz|cloud|shop|site|online|link|example|test|invalid)"
    rf"\b(?::\d+)?(?:/{_NO_END}*)?",
    re.IGNORECASE | re.ASCII,
)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[- ]?)?(?:\(\d{1,4}\)|\d{1,4})[- ]?\d{1,4}-\d{3,4}(?![\w-])"
    r"|(?<![\d.,-])0\d{9,10}(?![\d.,-])"
)
_SHORTEST_PHONE = 9  # digits; `10-100` is more likely two numbers
_MONEY_AFTER = r"(?:円|yen\b|JPY\b|dollars?\b|USD\b|ドル|euros?\b|EUR\b|€|ユーロ|ポンド)"
_MONEY = re.compile(
    rf"([¥$€£]|\b(?:JPY|USD|EUR|GBP))\s?({_NUMBER})|({_NUMBER})\s?({_MONEY_AFTER})",
    re.IGNORECASE,
)
_CURRENCIES = {
    **dict.fromkeys(("¥", "円", "yen", "jpy"), "JPY"),
    **dict.fromkeys(("$", "dollar", "dollars", "usd", "ドル"), "USD"),
    **dict.fromkeys(("€", "euro", "euros", "eur", "ユーロ"), "EUR"),
    **dict.fromkeys(("£", "gbp", "ポンド"), "GBP"),
}
_TENTHS = re.compile(rf"({_NUMBER})割(?!り)(?:(\d)分)?")
_DAYS = r"(?:(business|working|営業|稼働)|calendar|consecutive|full)"
# Units that are also words ("5 in stock", "10 a day") are left out.
_UNIT = (
    r"(?:%|percent\b|per cent\b|パーセント|[かヶカヵケ箇]月間?|週間?|時間|日間?|年間?|分間?|秒間?"
    r"|℃|度|キログラム|グラム|キロ(?:メートル)?|ミリリットル|リットル|センチ|ミリ|メートル|畳|㎡"
    r"|(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|litres?"
    r"|liters?|grams?|kilograms?|kgs?|mg|g|lbs?|ounces?|oz|km|cm|mm|m|inch|inches|feet|ft|ml|dl|l"
    r"|kwh|wh|kw|w|watts?|volts?|v|mah|ah|mhz|ghz|khz|hz|tb|gb|mb|kb|db|lm|rpm|°c|kcal|px)"
    r"(?![A-Za-z0-9]))"
)
_QUANTITY = re.compile(
    rf"(?<![A-Za-z])(?<![A-Za-z]-){_SIGN}({_NUMBER})[\s-]?(?:{_DAYS}[\s-]?)?({_UNIT})",
    re.IGNORECASE,
)
# The first end of `5-10 days`, `$5 to 10` and `5〜10万円` has the unit and the scale of the other.
_DASH = r"(?:\s?[-–~〜]\s?|から|\sto\s)"
_ONE_UNIT = re.compile(
    rf"(?<![\w-])({_NUMBER}){_DASH}({_NUMBER})([\s-]?(?:{_DAYS}[\s-]?)?(?:{_UNIT}|{_MONEY_AFTER}))",
    re.IGNORECASE,
)
_ONE_SIGN = re.compile(rf"([¥$€£])(\s?{_NUMBER}){_DASH}(?={_NUMBER})")
_ONE_SCALE = re.compile(
    rf"(?<![\w-])({_NUMBER})({_DASH})({_NUMBER})(\s?(?:[千百]?[万億兆]|(?:thousand|million|billion)\b))",
    re.IGNORECASE,
)
# What may stand behind a number that a table's heading measures: nothing that is counted.
_FREE = re.compile(r"\s*(?:$|[\n|\t、。,;:)\]）/・]|\.(?!\d)|(?:and|or|per|each|with|です|で、)\b)")
_CODE_APART = re.compile(r"(?<![A-Za-z0-9-])([A-Z]{2,5}) (\d{3,6})(?![.,]?\d|[A-Za-z-])")
_EITHER = {"キロ": ("kg", "km"), "ミリ": ("mm", "ml")}


@dataclass(frozen=True, slots=True)
class Mention:
    """A value where it stands in a text."""

    value: str
    """In canonical form, without a unit."""
    needs: tuple[frozenset[str], ...]
    """It is supported where all readings of any of these sets are given."""
    gives: frozenset[str]
    """Readings that it supports; `~6` is a number that stands there only as part of something."""


def values(text: str) -> set[str]:
    """Every value in canonical form, without unit: `１，２００円` is `1200`, `令和6年` `2024`."""
    return {mention.value for mention in _mentions(text)}


def unsupported_values(answer: str, source: str) -> set[str]:
    """Values of the answer, in canonical form, that the source does not hold."""
    given = {one for mention in _mentions(source) for one in mention.gives}
    given |= {f"~{number}" for number in spelled_values(source)}
    return {
        mention.value
        for mention in _mentions(answer)
        if not any(need <= given for need in mention.needs)
    }


def holds_address(text: str) -> bool:
    """Whether the text holds a web or mail address."""
    folded = unicodedata.normalize("NFKC", text)
    return bool(_MAIL.search(folded) or _URL.search(folded))


@lru_cache(maxsize=4096)
def _mentions(text: str) -> tuple[Mention, ...]:
    rest = in_digits(_ONE_SCALE.sub(_scaled, unicodedata.normalize("NFKC", text)))
    found: list[Mention] = []
    for pattern, read in _READERS:
        rest = _taken_out(rest, pattern, read, found)
        if pattern is _PHONE:  # dates come before all other numbers
            for moment in moments(rest):
                found.append(_moment(moment))
                rest = rest[: moment.start] + _blank(moment) + rest[moment.end :]
            rest = _ONE_UNIT.sub(r"\1\3〜\2\3", _ONE_SIGN.sub(r"\1\2〜\1", rest))
    return tuple(found)


def _scaled(match: re.Match[str]) -> str:
    """`5〜10万` as `5万〜10万`; in `5,000〜1万` the first end is whole."""
    if decimal(match[1]) >= decimal(match[3]):
        return match[0]
    return f"{match[1]}{match[4]}{match[2]}{match[3]}{match[4]}"


def _taken_out(
    text: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Mention], to: list[Mention]
) -> str:
    """The text with what the pattern finds blanked out, so that no other reads it again."""

    def take(match: re.Match[str]) -> str:
        to.append(read(match))
        return "\0" * len(match[0])

    return pattern.sub(take, text)


def _blank(moment: Moment) -> str:
    return "\0" * (moment.end - moment.start)


def _mail(match: re.Match[str]) -> Mention:
    return _exactly(match[0].lower())


def _url(match: re.Match[str]) -> Mention:
    address = match[0].rstrip(".,;:!?")
    scheme, mark, rest = address.partition("://")
    on_web = mark and scheme.lower() in ("http", "https")
    host, slash, path = (rest if on_web else address).partition("/")
    bare = host.lower().removeprefix("www.") + (slash + path).rstrip("/")
    return Mention(address, (frozenset([bare]),), frozenset([bare, address]))


def _phone(match: re.Match[str]) -> Mention:
    digits = re.sub(r"\D", "", re.sub(r"^\+81[- ]?\(?0?", "0", match[0]))
    parts = frozenset(f"~{part}" for part in re.findall(r"\d+", match[0]))
    is_sure = len(digits) >= _SHORTEST_PHONE
    given = frozenset([f"tel:{digits}"])
    return Mention(match[0], (given,), given if is_sure else given | parts)


def _money(match: re.Match[str]) -> Mention:
    number = canonical(decimal(match[2] or match[3]))
    return _quantity(number, f"{_CURRENCIES[(match[1] or match[4]).lower()]} {number}")


def _tenths(match: re.Match[str]) -> Mention:
    number = canonical(10 * decimal(match[1]) + int(match[2] or 0))
    return Mention(number, (frozenset([f"{number} %"]),), frozenset([f"{number} %"]))


def _measure(match: re.Match[str]) -> Mention:
    number = decimal(match[2]) * (-1 if match[1] else 1)
    plain = canonical(number)
    word = match[4].lower().replace("per cent", "percent")
    if word == "年" and 1800 <= number < 2200:
        return _number_of(plain, is_free=False)
    measured = [_in_base(number, one) for one in _EITHER.get(word, (word,))]
    if match[3] and measured[0].endswith(" d"):
        measured = [f"{plain} business d"]
    return _quantity(plain, *measured)


def _in_base(number: Decimal, word: str) -> str:
    unit = unit_of(word)
    if unit is None:
        return f"{canonical(number)} {word}"
    return f"{canonical(number * unit.factor)} {unit.base}"


def _code(match: re.Match[str]) -> Mention:
    bare = match[0].replace("-", "")
    return Mention(match[0], (frozenset([bare]),), frozenset([bare, match[0]]))


def _code_apart(match: re.Match[str]) -> Mention:
    """`ISO 9001`: a code, or a word in capitals and a number."""
    number = _number_of(match[2])
    bare = frozenset([match[1] + match[2]])
    return Mention(match[0], (bare, *number.needs), number.gives | bare)


def _plain(match: re.Match[str]) -> Mention:
    is_free = _FREE.match(match.string, match.end()) is not None
    return _number_of(canonical(decimal(match[2]) * (-1 if match[1] else 1)), is_free=is_free)


def _number_of(number: str, *, is_free: bool = True) -> Mention:
    """A number without a unit: any such number, whatever is counted, supports it. It is free where
    no word behind it says what it counts."""
    needs = (frozenset([number]), frozenset([f"~{number}"]))
    return Mention(number, needs, frozenset([number, f"~{number}"] if is_free else [f"~{number}"]))


def _quantity(number: str, *measured: str) -> Mention:
    """A number with its unit: the same measure supports it, or the number where it stands alone
    (a table's column may name the unit)."""
    needs = tuple(frozenset([one]) for one in (*measured, number))
    return Mention(number, needs, frozenset([*measured, f"~{number}"]))


def _exactly(text: str) -> Mention:
    return Mention(text, (frozenset([text]),), frozenset([text]))


def _moment(moment: Moment) -> Mention:
    if moment.minutes >= 0:
        return _time(moment)
    year, month, day = moment.year, moment.month, moment.day
    if not month:
        return _number_of(str(year), is_free=False)
    parts = {f"~{number}" for number in (year, month, day) if number}
    if not day:
        written = f"{year}-{month:02}"
        return Mention(written, (frozenset([written]),), frozenset([written, *parts]))
    ending = f"{month:02}-{day:02}"
    if not year:
        return Mention(ending, (frozenset([ending]),), frozenset([ending, f"{ending}!", *parts]))
    whole = f"{year}-{ending}"
    # A day whose year stands apart: `in 2024: … on 1 April`.
    needs = (frozenset([whole]), frozenset([f"{ending}!", f"~{year}"]))
    return Mention(whole, needs, frozenset([whole, ending, f"{year}-{month:02}", *parts]))


def _time(moment: Moment) -> Mention:
    hour, minute = divmod(moment.minutes, 60)
    written = f"{hour:02}:{minute:02}"
    readings = {written}
    if not moment.is_vague and 12 < hour < 24:
        readings.add(f"~{hour - 12:02}:{minute:02}")  # where an answer says `5:00` for 17:00
    needs = (frozenset([written]), frozenset([f"~{written}"]))
    parts = {f"~{hour}"} | ({f"~{minute}"} if minute else set())
    return Mention(written, needs if moment.is_vague else needs[:1], frozenset(readings | parts))


def _readers() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], Mention]]]:
    yield _MAIL, _mail
    yield _URL, _url
    yield _PHONE, _phone
    yield _MONEY, _money
    yield _TENTHS, _tenths
    yield _QUANTITY, _measure
    yield _CODE, _code
    yield _CODE_APART, _code_apart
    yield _SIGNED, _plain


_READERS = tuple(_readers())

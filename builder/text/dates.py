"""Dates and times of day in the forms that documents use, in one form each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_ERAS |= {"R": 2018, "H": 1988, "S": 1925}
_YEAR = r"(?:(令和|平成|昭和|大正|明治)\s*(元|\d{1,2})|(\d{4}))"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_WORD = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time of day found in a text."""

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    minutes: int = -1
    """Since midnight, for a time of day; else -1."""
    is_vague: bool = False
    """A time of day before one o'clock in the afternoon that names no half of the day."""


Reader = Callable[[re.Match[str]], Moment | None]


def moments(text: str) -> Iterator[Moment]:
    """Every date and time of day. `text` is in NFKC; what stands in two forms is found once."""
    taken = bytearray(len(text))
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            found = read(match)
            if found is not None and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                yield found


def _japanese(match: re.Match[str]) -> Moment | None:
    year = _year(match[1], match[2], match[3])
    return _date(match, year, int(match[4] or 0), int(match[5] or 0))


def _era_short(match: re.Match[str]) -> Moment | None:
    year = _ERAS[match[1]] + int(match[2])
    return _date(match, year, int(match[3]), int(match[4]))


def _era_year(match: re.Match[str]) -> Moment | None:
    return _date(match, _ERAS[match[1]] + int(match[2]), int(match[3] or 0), 0)


def _fiscal_year(match: re.Match[str]) -> Moment | None:
    return _date(match, int(match[1]) + (2000 if len(match[1]) == 2 else 0), 0, 0)


def _month_day(match: re.Match[str]) -> Moment | None:
    return _date(match, 0, int(match[1]), int(match[2]))


def _iso(match: re.Match[str]) -> Moment | None:
    return _date(match, int(match[1]), int(match[2]), int(match[3]))


def _month_first(match: re.Match[str]) -> Moment | None:
    return _date(match, int(match[3] or 0), _month(match[1]), int(match[2]))


def _day_first(match: re.Match[str]) -> Moment | None:
    return _date(match, int(match[3] or 0), _month(match[2]), int(match[1]))


def _month_year(match: re.Match[str]) -> Moment | None:
    return _date(match, int(match[2]), _month(match[1]), 0)


def _clock(match: re.Match[str]) -> Moment | None:
    return _time(match, match[1], match[2], match[3] or match[4])


def _hour_word(match: re.Match[str]) -> Moment | None:
    return _time(match, "", match[1], match[2])


def _japanese_time(match: re.Match[str]) -> Moment | None:
    minutes = "30" if match[3] == "半" else match[4]
    return _time(match, match[1], match[2], minutes)


def _time(
    match: re.Match[str], before: str | None, hour_text: str, minute_text: str | None
) -> Moment | None:
    half = (before or "") + _half_after(match)
    hour, minute = int(hour_text), int(minute_text or 0)
    if hour > 24 or minute > 59:
        return None
    if half in ("pm", "午後") and hour < 12:
        hour += 12
    if half in ("am", "午前") and hour == 12:
        hour = 0
    vague = not half and hour < 13
    return Moment(match.start(), match.end(), minutes=60 * hour + minute, is_vague=vague)


def _half_after(match: re.Match[str]) -> str:
    found = re.search(r"([ap])\.?m\.?$", match[0], re.IGNORECASE)
    return f"{found[1].lower()}m" if found else ""


def _date(match: re.Match[str], year: int, month: int, day: int) -> Moment | None:
    if month > 12 or day > 31 or (day and not month):
        return None
    return Moment(match.start(), match.end(), year, month, day)


def _year(era: str | None, of_era: str | None, western: str | None) -> int:
    if era:
        return _ERAS[era] + (1 if of_era == "元" else int(of_era or 0))
    return int(western or 0)


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _form(pattern: str, read: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(pattern, re.IGNORECASE), read


_FORMS = (
    _form(rf"{_YEAR}年(?!間)(?:度|\s*(\d{{1,2}})月(?:\s*(\d{{1,2}})日)?)?", _japanese),
    _form(
        r"(?<![A-Z0-9])(?-i:([RHS]))(\d{1,2})[./年](\d{1,2})[./月](\d{1,2})日?(?!\d)", _era_short
    ),
    _form(r"(?<![A-Z0-9])(?-i:([RHS]))(\d{1,2})年(?!間)(?:度|\s*(\d{1,2})月)?", _era_year),
    _form(r"\bFY\s?'?(\d{4}|\d{2})(?!\d)", _fiscal_year),
    _form(r"(?<![\d-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d-])", _iso),
    _form(r"(?<!\d)(\d{1,2})月\s*(\d{1,2})日", _month_day),
    _form(rf"\b{_MONTH_WORD}\s+{_DAY}\b(?:,?\s+(\d{{4}})\b)?", _month_first),
    _form(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH_WORD}\b(?:,?\s+(\d{{4}})\b)?", _day_first),
    _form(rf"\b{_MONTH_WORD}\s+(\d{{4}})\b", _month_year),
    _form(r"(午前|午後)?\s?(?<![\d:.])(\d{1,2}):(\d{2})(?![\d:])()(?:\s?[ap]\.?m\b\.?)?", _clock),
    _form(r"(?<![\d:.])(\d{1,2})()\s?[ap]\.?m\b\.?", _hour_word),
    _form(r"(午前|午後)?\s?(?<!\d)(\d{1,2})時(?!間)(?:(半)|(\d{1,2})分)?", _japanese_time),
)

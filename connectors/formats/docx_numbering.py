"""The numbers that Word shows but does not store in the text: `第3条`, `1.2`, `(a)`, bullets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KANJI = "〇一二三四五六七八九"
_AIUEO = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
_IROHA = (
    "イロハニホヘトチリヌルヲワカヨタレソツネナラム"
    "ウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
)


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    style: str
    template: str
    """`%1` stands for the number of level 1: `第%1条`."""
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, root: _Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is not None:
            self._load(root)

    def label(self, list_id: str, level: int) -> str:
        """The next label of the list: `第3条`, `-` for a bullet; empty where there is no list."""
        abstract = self._abstract.get(list_id, "")
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return "-" if list_id != "0" else ""
        counts = self._counts[abstract]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if levels[level].style == "bullet":
            return "-"
        return re.sub(
            r"%(\d)",
            lambda match: _shown(counts, levels, int(match[1]) - 1),
            levels[level].template,
        )

    def _load(self, root: _Element) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = {
                int(level.get(f"{_W}ilvl", "0")): _level(level)
                for level in abstract.iter(f"{_W}lvl")
            }
        for instance in root.iter(f"{_W}num"):
            abstract_id = instance.find(f"{_W}abstractNumId")
            if abstract_id is not None:
                key = abstract_id.get(f"{_W}val", "")
                self._abstract[instance.get(f"{_W}numId", "")] = key


def _level(element: _Element) -> Level:
    start = _value(element, "start")
    return Level(
        style=_value(element, "numFmt") or "decimal",
        template=_value(element, "lvlText"),
        start=int(start) if start.isdigit() else 1,
    )


def _value(element: _Element, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return child.get(f"{_W}val", "") if child is not None else ""


def _shown(counts: dict[int, int], levels: dict[int, Level], level: int) -> str:
    if level not in levels:
        return ""
    return format_number(counts.get(level, levels[level].start), levels[level].style)


def format_number(number: int, style: str) -> str:
    """A number in one of Word's styles; plain digits for styles that aren't listed."""
    formatter = _STYLES.get(style)
    return formatter(number) if formatter else str(number)


def _letters(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _full_width(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _roman(number: int) -> str:
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text


def _kanji(number: int) -> str:
    if number >= 100:
        return "".join(_KANJI[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _KANJI[tens]) + "十" if tens else ""
    return head + (_KANJI[ones] if ones or not tens else "")


_STYLES: dict[str, Callable[[int], str]] = {
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "aiueo": lambda number: _AIUEO[(number - 1) % len(_AIUEO)],
    "aiueoFullWidth": lambda number: _AIUEO[(number - 1) % len(_AIUEO)],
    "iroha": lambda number: _IROHA[(number - 1) % len(_IROHA)],
    "irohaFullWidth": lambda number: _IROHA[(number - 1) % len(_IROHA)],
    "decimalFullWidth": _full_width,
    "decimalEnclosedCircle": _circled,
    "japaneseCounting": _kanji,
    "ideographDigital": _kanji,
    "japaneseDigitalTenThousand": _kanji,
    "none": lambda number: "",  # noqa: ARG005
}

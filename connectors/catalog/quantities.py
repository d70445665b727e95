"""Values with units as catalogues write them: `1,500 ml`, `約1.1kg`, `10〜20kg`, `１．５Ｌ`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from connectors.catalog.units import normalize_width, unit_of

NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_ABOUT = r"(?P<about>約|およそ|approx\.?|about|circa|ca\.|~|±)?\s*"
_QUANTITY = re.compile(rf"{_ABOUT}({NUMBER})\s*(\D.*)?$", re.IGNORECASE)
_RANGE = re.compile(
    rf"{_ABOUT}(?P<least>{NUMBER})\s*(?P<unit>[^\d\s~〜–—-]+(?:\s[^\d\s~〜–—-]+)?)?"
    rf"\s*(?:~|〜|–|—|から|\bto\b|(?<=[\d\w\s])-)\s*(?P<most>{NUMBER})\s*(?P<end>\D.*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in its base unit. A range has `least` and `most` and no `number`."""

    number: Decimal | None
    unit: str
    least: Decimal | None = None
    most: Decimal | None = None
    is_approximate: bool = False


NOTHING = Quantity(None, "")


@lru_cache(maxsize=8192)  # the values of a column repeat
def parse_quantity(text: str, column_unit: str = "") -> Quantity:
    """What a cell says: `1.5L` is 1500 mL; a bare number has the column's unit.

    `NOTHING` for dimensions, words and unknown units: better no number than a wrong one.
    """
    value = normalize_width(text)
    if value.startswith("(") and value.endswith(")"):  # an estimate, in tables of food composition
        value = value[1:-1].strip()
    if match := _QUANTITY.match(value):
        number, unit = in_base(_decimal(match[2]), match[3] or column_unit)
        if unit is not None:
            return Quantity(number, unit, is_approximate=bool(match["about"]))
    if match := _RANGE.match(value):
        return _range(match, column_unit)
    return NOTHING


def _range(match: re.Match[str], column_unit: str) -> Quantity:
    end = match["end"] or match["unit"] or column_unit
    least, unit = in_base(_decimal(match["least"]), match["unit"] or end)
    most, other = in_base(_decimal(match["most"]), end)
    if not unit or unit != other or least > most:  # 3-5 without a unit may be a code
        return NOTHING
    return Quantity(None, unit, least, most, bool(match["about"]))


def in_base(number: Decimal, unit: str) -> tuple[Decimal, str | None]:
    """The number in the base unit; None where the text is no unit, "" where there is none."""
    if not unit.strip():
        return number, ""
    known = unit_of(unit)
    if known is None:
        return number, None
    return (number if known.factor == 1 else number * known.factor), known.base


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))

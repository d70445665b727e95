"""Units in Japanese and English spellings, and the base unit that each is converted to.

Decimal all the way: 1.5 L and 1,500 ml are the same number. Units that no fixed factor joins (kcal
and kJ of food, pieces, years) are a base of their own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_MISSING = frozenset(("", "-", "ー", "―", "—", "–", "−", "‐", "null", "n/a", "(null)"))

_LONGEST_MISSING = 8  # characters, spaces around included: most cells are told by their length

_TABLE = (
    # symbol, base, factor, spellings
    ("L", "mL", "1000", "l ℓ リットル liter liters litre litres"),
    ("dL", "mL", "100", "dl デシリットル"),
    ("mL", "mL", "1", "ml ミリリットル milliliter milliliters"),
    ("cc", "mL", "1", "cc"),
    ("m3", "mL", "1000000", "m3 m³ 立方メートル"),
    ("fl oz", "mL", "29.5735295625", "floz fl.oz"),
    ("t", "g", "1000000", "t トン"),
    ("kg", "g", "1000", "kg キロ キログラム kilogram kilograms kgs"),
    ("g", "g", "1", "g グラム gram grams"),
    ("mg", "g", "0.001", "mg ミリグラム"),
    ("μg", "g", "0.000001", "μg ug mcg"),
    ("lb", "g", "453.59237", "lb lbs pound pounds ポンド"),
    ("oz", "g", "28.349523125", "oz ounce ounces オンス"),
    ("km", "mm", "1000000", "km キロメートル"),
    ("m", "mm", "1000", "m メートル meter meters metre metres"),
    ("cm", "mm", "10", "cm センチ センチメートル"),
    ("mm", "mm", "1", "mm ミリ ミリメートル"),
    ("μm", "mm", "0.001", "μm um"),
    ("nm", "mm", "0.000001", "nm"),
    ("in", "mm", "25.4", 'in inch inches インチ 型 " ″'),
    ("ft", "mm", "304.8", "ft feet foot フィート"),
    ("m2", "m2", "1", "m2 m² ㎡ 平方メートル sqm"),
    ("畳", "畳", "1", "畳"),
    ("m3/h", "m3/h", "1", "m3/h m³/h"),
    ("kW", "W", "1000", "kw キロワット"),
    ("W", "W", "1", "w ワット watt watts"),
    ("kWh", "Wh", "1000", "kwh"),
    ("Wh", "Wh", "1", "wh"),
    ("VA", "VA", "1", "va"),
    ("kV", "V", "1000", "kv"),
    ("V", "V", "1", "v ボルト volt volts"),
    ("mV", "V", "0.001", "mv"),
    ("A", "A", "1", "a アンペア amp amps"),
    ("mA", "A", "0.001", "ma"),
    ("Ah", "mAh", "1000", "ah"),
    ("mAh", "mAh", "1", "mah"),
    ("GHz", "Hz", "1000000000", "ghz"),
    ("MHz", "Hz", "1000000", "mhz"),
    ("kHz", "Hz", "1000", "khz"),
    ("Hz", "Hz", "1", "hz ヘルツ"),
    ("rpm", "rpm", "1", "rpm 回転/分 min-1 r/min"),
    ("N", "N", "1", "n ニュートン"),
    ("Nm", "Nm", "1", "nm·m n·m"),
    ("MPa", "Pa", "1000000", "mpa"),
    ("kPa", "Pa", "1000", "kpa"),
    ("hPa", "Pa", "100", "hpa"),
    ("Pa", "Pa", "1", "pa"),
    ("°C", "°C", "1", "°c ℃ 度 degc"),
    ("%", "%", "1", "% パーセント percent"),
    ("kJ", "kJ", "1", "kj"),
    ("kcal", "kcal", "1", "kcal キロカロリー"),
    ("dB", "dB", "1", "db デシベル"),
    ("lm", "lm", "1", "lm ルーメン"),
    ("lx", "lx", "1", "lx"),
    ("K", "K", "1", "k ケルビン"),
    ("TB", "MB", "1000000", "tb テラバイト"),
    ("GB", "MB", "1000", "gb ギガバイト"),
    ("MB", "MB", "1", "mb メガバイト"),
    ("dpi", "dpi", "1", "dpi"),
    ("px", "px", "1", "px ピクセル"),
    ("s", "s", "1", "s sec secs second seconds 秒 秒間"),
    ("min", "s", "60", "min mins minute minutes 分 分間"),
    ("h", "s", "3600", "h hr hrs hour hours 時間"),
    ("d", "d", "1", "day days 日 日間"),
    ("week", "d", "7", "week weeks 週間 週"),
    ("month", "month", "1", "month months か月 ヶ月 カ月 ヵ月 ケ月 箇月"),
    ("month", "month", "1", "か月間 ヶ月間 カ月間 ヵ月間 ケ月間 箇月間"),
    ("year", "month", "12", "year years yr yrs 年 年間"),
    ("個", "個", "1", "個 ケ"),
    ("枚", "枚", "1", "枚"),
    ("本", "本", "1", "本"),
    ("台", "台", "1", "台"),
    ("袋", "袋", "1", "袋"),
    ("箱", "箱", "1", "箱"),
    ("冊", "冊", "1", "冊"),
    ("人", "人", "1", "人 名 人用 人前"),
    ("合", "合", "1", "合"),
    ("pcs", "pcs", "1", "pcs pc piece pieces"),
    ("回", "回", "1", "回"),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and how many of its base unit it is."""

    symbol: str
    base: str
    factor: Decimal


_UNITS = {
    spelling: Unit(symbol, base, Decimal(factor))
    for symbol, base, factor, spellings in _TABLE
    for spelling in spellings.split()
}
_UNITS |= {unit.symbol: unit for unit in list(_UNITS.values())}


def normalize_width(text: str) -> str:
    """Full-width digits, letters and signs to their plain forms (NFKC), trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value: empty, a dash, `null`, `N/A`."""
    return len(text) <= _LONGEST_MISSING and normalize_width(text).lower() in _MISSING


def unit_of(text: str) -> Unit | None:
    """The unit that a spelling names (`ミリリットル`, `㎖`, `ML`); None where it is no unit."""
    spelling = normalize_width(text).replace("µ", "μ").strip("()[]【】. …‥・")
    return _UNITS.get(spelling) or _UNITS.get(spelling.lower())


def unit_symbol(text: str) -> str:
    """The symbol of a unit in any spelling (`ミリリットル` → `mL`); empty where it is no unit."""
    unit = unit_of(text)
    return unit.symbol if unit else ""


def symbol_of(base: str, factor: Decimal) -> str:
    """The symbol of the unit that is `factor` of the base unit; empty where there is none."""
    found = (u.symbol for u in _UNITS.values() if u.base == base and u.factor == factor)
    return next(found, "")


def spellings() -> tuple[str, ...]:
    """Every spelling of every unit, the longest first."""
    return tuple(sorted(_UNITS, key=len, reverse=True))

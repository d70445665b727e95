"""Values with units and prices, as catalogues write them in Japanese and English."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_MISSING = frozenset(("", "-", "ー", "―", "—", "–", "−", "‐", "null", "n/a", "(null)"))

_LONGEST_MISSING = 8  # characters, spaces around included: most cells are told by their length

_SYMBOLS = {
    "L": "l ℓ リットル liter liters litre litres",
    "mL": "ml ミリリットル milliliter milliliters",
    "cc": "cc",
    "kg": "kg キロ キログラム kilogram kilograms kgs",
    "g": "g グラム gram grams",
    "mg": "mg ミリグラム",
    "μg": "μg ug mcg",
    "t": "t トン",
    "lb": "lb lbs pound pounds",
    "oz": "oz ounce ounces",
    "km": "km キロメートル",
    "m": "m メートル meter meters metre metres",
    "cm": "cm センチ センチメートル",
    "mm": "mm ミリ ミリメートル",
    "μm": "μm um",
    "nm": "nm",
    "in": 'in inch inches インチ 型 "',
    "ft": "ft feet foot",
    "畳": "畳",
    "m2": "m2 m² ㎡ 平方メートル sqm",
    "m3": "m3 m³ 立方メートル",
    "m3/h": "m3/h m³/h",
    "W": "w ワット watt watts",
    "kW": "kw キロワット",
    "Wh": "wh",
    "kWh": "kwh",
    "VA": "va",
    "V": "v ボルト volt volts",
    "A": "a アンペア amp amps",
    "mA": "ma",
    "mAh": "mah",
    "Ah": "ah",
    "Hz": "hz ヘルツ",
    "kHz": "khz",
    "MHz": "mhz",
    "GHz": "ghz",
    "rpm": "rpm 回転/分 min-1 r/min",
    "N": "n ニュートン",
    "Nm": "nm·m n·m",
    "Pa": "pa",
    "kPa": "kpa",
    "MPa": "mpa",
    "°C": "°c ℃ 度 degc",
    "%": "% パーセント percent",
    "kJ": "kj",
    "kcal": "kcal キロカロリー",
    "dB": "db デシベル",
    "lm": "lm ルーメン",
    "lx": "lx",
    "K": "k ケルビン",
    "GB": "gb ギガバイト",
    "MB": "mb メガバイト",
    "TB": "tb テラバイト",
    "dpi": "dpi",
    "px": "px ピクセル",
    "s": "s sec secs second seconds 秒",
    "min": "min mins minute minutes 分",
    "h": "h hr hrs hour hours 時間",
    "d": "day days 日 日間",
    "month": "month months か月 ヶ月 カ月 ヵ月 ケ月 箇月",
    "year": "year years yr yrs 年 年間",
    "個": "個 ケ",
    "枚": "枚",
    "本": "本",
    "台": "台",
    "袋": "袋",
    "箱": "箱",
    "冊": "冊",
    "人": "人 名 人用 人前",
    "合": "合",
    "pcs": "pcs pc piece pieces",
    "回": "回",
}
_UNITS = {spelling: symbol for symbol, all_ in _SYMBOLS.items() for spelling in all_.split()}

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_QUANTITY = re.compile(rf"(?:約|およそ|approx\.?|about|~)?\s*({_NUMBER})\s*(\D.*)?$", re.IGNORECASE)
_PARENTHESES = re.compile(r"[\(\[][^()\[\]]*[\)\]]")
_PRICE = re.compile(
    rf"(?:税込|税抜|税別|本体価格|本体|定価)?\s*(¥|\$|€|£|[a-z]{{3}})?\s*({_NUMBER})\s*(円|yen|€|[a-z]{{3}})?"
    r"\s*(?:税込|税抜|税別|\+税)?\s*-?$",
    re.IGNORECASE,
)
_CURRENCIES = {"¥": "JPY", "円": "JPY", "yen": "JPY", "$": "USD", "€": "EUR", "£": "GBP"}
_CODES = frozenset(("JPY", "USD", "EUR", "GBP", "CNY", "KRW", "TWD", "AUD", "CAD", "CHF", "SGD"))


def normalize_width(text: str) -> str:
    """Full-width digits, letters and signs to their plain forms (NFKC), trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value: empty, a dash, `null`, `N/A`."""
    return len(text) <= _LONGEST_MISSING and normalize_width(text).lower() in _MISSING


def unit_symbol(text: str) -> str:
    """The symbol of a unit in any spelling (`ミリリットル` → `mL`); empty where it is no unit."""
    spelling = normalize_width(text).replace("µ", "μ").strip("()[]【】. …‥・")
    return _UNITS.get(spelling) or _UNITS.get(spelling.lower(), "")


def parse_quantity(text: str, column_unit: str = "") -> tuple[Decimal | None, str]:
    """(number, unit symbol) of `1,500 ml`, `約1.1kg`; a bare number has the column's unit.

    (None, "") for ranges, dimensions, words and unknown units: better no number than a wrong one.
    """
    value = normalize_width(text)
    if value.startswith("(") and value.endswith(")"):  # an estimate, in tables of food composition
        value = value[1:-1].strip()
    match = _QUANTITY.match(value)
    if match is None:
        return None, ""
    number = Decimal(match[1].replace(",", ""))
    if not match[2]:
        return number, column_unit
    unit = unit_symbol(match[2])
    return (number, unit) if unit else (None, "")


def parse_price(text: str) -> tuple[Decimal | None, str]:
    """(amount, ISO currency) of `¥12,800`, `12,800円（税込）`; "" where no currency is written."""
    value = normalize_width(text)
    outside = _PARENTHESES.sub("", value).strip()
    match = _PRICE.match(outside)
    if match is None:
        return None, ""
    written = currency_of(match[1] or "") or currency_of(match[3] or "")
    if (match[1] or match[3]) and not written:
        return None, ""
    return Decimal(match[2].replace(",", "")), written or currency_of(value)


def currency_of(text: str) -> str:
    """The currency that a cell or a heading names; Japanese tax words (`税込`) mean yen."""
    value = normalize_width(text)
    for sign, code in _CURRENCIES.items():
        if sign in value.lower():
            return code
    for word in re.split(r"[^A-Za-z]+", value.upper()):
        if word in _CODES:
            return word
    return "JPY" if re.search("税込|税抜|税別", value) else ""

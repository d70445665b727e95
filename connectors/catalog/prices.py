"""Prices as catalogues write them in Japanese and Western ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from connectors.catalog.units import normalize_width

INCLUDED, EXCLUDED = "included", "excluded"

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_COMMA_DECIMALS = re.compile(r"(?<![\d.,])(\d{1,3}(?:[. ]\d{3})+|\d+),(\d{2})(?!\d)")
_DOT_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+)(?![\d.,])")
_OTHER_GROUPS = re.compile(r"(?<=\d)['’](?=\d{3})")
_PARENTHESES = re.compile(r"[\(\[【][^()\[\]【】]*[\)\]】]")
_WORDS = (
    r"(?:税込価格|税込み|税込|税抜き|税抜|税別|外税|内税|本体価格|本体|定価|価格|incl\.?|excl\.?)"
)
_SIGN = r"¥|us\$|a\$|c\$|\$|€|£|[a-z]{3}"
_PRICE = re.compile(
    rf"{_WORDS}?\s*[::]?\s*({_SIGN})?\s*({_NUMBER})\s*(万)?(円|yen|€|[a-z]{{3}})?"
    rf"\s*(?:\+\s*税|{_WORDS}|(?:incl|excl)[a-z.]*(?:\s+(?:tax|vat))?)?\s*-?$",
    re.IGNORECASE,
)
_SIGNS = {"us$": "USD", "a$": "AUD", "c$": "CAD"}
_CURRENCIES = {"¥": "JPY", "円": "JPY", "yen": "JPY", "$": "USD", "€": "EUR", "£": "GBP"}
_CODES = frozenset(("JPY", "USD", "EUR", "GBP", "CNY", "KRW", "TWD", "AUD", "CAD", "CHF", "SGD"))
_TAX_IN = re.compile(
    r"税込|内税|tax[_ -]?incl|incl(?:\.|uding|udes|usive of)?[_ ]?(?:tax|vat|gst)|\bgross\b", re.I
)
_TAX_OUT = re.compile(
    r"税抜|税別|外税|\+\s*税|本体|tax[_ -]?excl|(?:excl(?:\.|uding|udes|usive of)?|ex|plus|without)"
    r"[_ .]?(?:tax|vat|gst)|\bnet\b",
    re.I,
)
_YES = frozenset(("true", "yes", "1", "included", "込", "込み", "あり", "taxed"))
_NO = frozenset(("false", "no", "0", "excluded", "抜", "抜き", "別"))


@dataclass(frozen=True, slots=True)
class Price:
    """An amount; each of these is empty where the text does not say it."""

    amount: Decimal | None = None
    currency: str = ""
    """ISO 4217."""
    tax: str = ""
    """`included` or `excluded`."""


def parse_price(text: str) -> Price:
    """What a cell says: `¥12,800`, `12,800円(税込)`, `1.980,00 €`, `USD 19.99`.

    No amount for ranges, `オープン価格` and figures that can be read in two ways.
    """
    value = normalize_width(text)
    outside = _PARENTHESES.sub("", value).strip()
    match = _PRICE.match(_plain_digits(outside))
    if match is None:
        return Price()
    before, after = match[1] or "", match[4] or ""
    written = currency_of(before) or currency_of(after)
    if (before or after) and not written:
        return Price()
    amount = Decimal(match[2].replace(",", "")) * (10_000 if match[3] else 1)
    return Price(amount, written or currency_of(value), tax_of(outside) or tax_of(value))


def _plain_digits(text: str) -> str:
    """`1.980,00 €` as `1980.00 €`: the decimal comma only where the figure can't mean else."""
    text = _OTHER_GROUPS.sub("", text)
    text = _COMMA_DECIMALS.sub(lambda m: re.sub("[. ]", "", m[1]) + "." + m[2], text)
    if "€" in text or "EUR" in text.upper():  # cents have two digits: 1.980 € is no 1.98
        text = _DOT_THOUSANDS.sub(lambda m: m[1].replace(".", ""), text)
    return text


def currency_of(text: str) -> str:
    """The currency that a cell or a heading names; Japanese tax words (`税込`) mean yen."""
    value = normalize_width(text)
    lower = value.lower()
    for sign, code in (*_SIGNS.items(), *_CURRENCIES.items()):
        if sign in lower:
            return code
    for word in re.split(r"[^A-Za-z]+", value.upper()):
        if word in _CODES:
            return word
    return "JPY" if re.search("税込|税抜|税別", value) else ""


def tax_of(text: str) -> str:
    """`included` or `excluded` as a price or its heading says; empty where it says neither, or
    both (`税込/税抜`)."""
    value = normalize_width(text)
    inside, outside = bool(_TAX_IN.search(value)), bool(_TAX_OUT.search(value))
    if inside == outside:
        return ""
    return INCLUDED if inside else EXCLUDED


def tax_flag(text: str) -> str:
    """The same for a column of its own: `内税`, `税抜`, `TRUE`."""
    value = normalize_width(text).lower()
    if value in _YES:
        return INCLUDED
    return EXCLUDED if value in _NO else tax_of(value)

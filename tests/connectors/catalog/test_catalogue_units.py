"""Values with units, and prices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.catalog.units import is_missing, parse_price, parse_quantity, unit_symbol


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1.5L", "1.5", "L"),
        ("1,500 ml", "1500", "mL"),
        ("1500㎖", "1500", "mL"),
        ("１．５Ｌ", "1.5", "L"),
        ("約1.1kg", "1.1", "kg"),
        ("approx. 0.52 kg", "0.52", "kg"),
        ("1200W", "1200", "W"),
        ("100V", "100", "V"),
        ("45 分", "45", "min"),
        ("3年", "3", "year"),
        ("32インチ", "32", "in"),
        ("(11.3)", "11.3", "g"),
        ("-18℃", "-18", "°C"),
        ("12", "12", "g"),
    ],
)
def test_quantity(text: str, number: str, unit: str) -> None:
    assert parse_quantity(text, "g") == (Decimal(number), unit)


@pytest.mark.parametrize(
    "text",
    [
        "100×200×300mm",
        "10〜20kg",
        "W13 × D11 cm",
        "Tr",
        "白",
        "2022モデル",
        "1.2.3",
        "1,50 kg",
        "A4",
        "",
    ],
)
def test_no_number_is_better_than_a_wrong_one(text: str) -> None:
    assert parse_quantity(text, "g") == (None, "")


@given(st.decimals(0, 999_999, places=2), st.sampled_from(["kg", "mL", "W", "mm", "kcal"]))
def test_quantity_round_trip(number: Decimal, unit: str) -> None:
    assert parse_quantity(f"{number:,} {unit}") == (number, unit)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("¥12,800", "12800", "JPY"),
        ("￥12,800-", "12800", "JPY"),
        ("12,800円（税込）", "12800", "JPY"),
        ("１２，８００円", "12800", "JPY"),
        ("税込 3,980円", "3980", "JPY"),
        ("12,800円（税抜11,637円）", "12800", "JPY"),
        ("USD 99.50", "99.50", "USD"),
        ("$19.99", "19.99", "USD"),
        ("19.99 EUR", "19.99", "EUR"),
        ("12800", "12800", ""),
    ],
)
def test_price(text: str, amount: str, currency: str) -> None:
    assert parse_price(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["オープン価格", "1,000円〜2,000円", "お問い合わせ", "", "50 kg", "無料"]
)
def test_no_price(text: str) -> None:
    assert parse_price(text) == (None, "")


@pytest.mark.parametrize("text", ["", " ", "-", "ー", "－", "―", "null", "NULL", "N/A", "　"])
def test_missing(text: str) -> None:
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "なし", "Tr", "(0)", "none"])
def test_not_missing(text: str) -> None:
    assert not is_missing(text)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("ミリリットル", "mL"),
        ("(…… μg……)", "μg"),
        ("µg", "μg"),
        ("kW", "kW"),
        ("税込", ""),
        ("", ""),
    ],
)
def test_unit_symbol(text: str, symbol: str) -> None:
    assert unit_symbol(text) == symbol

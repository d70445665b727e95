"""Values with units, and prices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.catalog.prices import Price, currency_of, parse_price, tax_of
from connectors.catalog.quantities import NOTHING, Quantity, parse_quantity
from connectors.catalog.units import is_missing, unit_symbol


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1.5L", "1500", "mL"),
        ("1,500 ml", "1500", "mL"),
        ("1500㎖", "1500", "mL"),
        ("１．５Ｌ", "1500", "mL"),
        ("1,500cc", "1500", "mL"),
        ("approx. 0.52 kg", "520", "g"),
        ("1 lb", "453.59237", "g"),
        ("8 oz", "226.796185000", "g"),
        ("1200W", "1200", "W"),
        ("1.2kW", "1200", "W"),
        ("100V", "100", "V"),
        ("45 分", "2700", "s"),
        ("３年", "36", "month"),
        ("32インチ", "812.8", "mm"),
        ("30cm", "300", "mm"),
        ("(11.3)", "11.3", "g"),
        ("-18℃", "-18", "°C"),
        ("12", "12", "g"),
        ("5個", "5", "個"),
    ],
)
def test_quantity_in_its_base_unit(text: str, number: str, unit: str) -> None:
    found = parse_quantity(text, "g")
    assert (found.number, found.unit) == (Decimal(number), unit)


def test_about_is_kept_apart() -> None:
    assert parse_quantity("約1.1kg") == Quantity(Decimal("1100.0"), "g", is_approximate=True)


@pytest.mark.parametrize(
    ("text", "least", "most", "unit"),
    [
        ("10〜20kg", "10000", "20000", "g"),
        ("約500ml～1L", "500", "1000", "mL"),
        ("5-10 cm", "50", "100", "mm"),
        ("1 to 2 hours", "3600", "7200", "s"),
        ("0℃〜40℃", "0", "40", "°C"),
        ("3–5", "3", "5", "g"),
    ],
)
def test_a_range_has_two_ends_and_no_number(text: str, least: str, most: str, unit: str) -> None:
    found = parse_quantity(text, "g")
    assert found.number is None
    assert (found.least, found.most, found.unit) == (Decimal(least), Decimal(most), unit)


@pytest.mark.parametrize(
    "text",
    [
        "100×200×300mm",
        "W13 × D11 cm",
        "20〜10kg",
        "2024-04-01",
        "10kg〜20cm",
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
    assert parse_quantity(text, "g") == NOTHING


SAME = [
    ("kg", "g", 1000),
    ("L", "㎖", 1000),
    ("m", "ミリ", 1000),
    ("kW", "ワット", 1000),
    ("h", "分", 60),
]


@given(st.decimals(0, 999_999, places=2), st.sampled_from(SAME))
def test_two_spellings_of_one_quantity_are_equal(
    number: Decimal, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    assert parse_quantity(f"{number:,}{large}") == parse_quantity(f"{number * factor:f} {small}")


@given(st.decimals(0, 999_999, places=2), st.sampled_from(["g", "mL", "W", "mm", "kcal"]))
def test_quantity_round_trip(number: Decimal, unit: str) -> None:
    wide = f"{number:,} {unit}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    assert parse_quantity(f"{number:,} {unit}") == Quantity(number, unit) == parse_quantity(wide)


@pytest.mark.parametrize(
    ("text", "amount", "currency", "tax"),
    [
        ("¥12,800", "12800", "JPY", ""),
        ("￥12,800-", "12800", "JPY", ""),
        ("12,800円（税込）", "12800", "JPY", "included"),
        ("１２，８００円", "12800", "JPY", ""),
        ("税込 3,980円", "3980", "JPY", "included"),
        ("1,980円+税", "1980", "JPY", "excluded"),
        ("本体価格1,980円", "1980", "JPY", "excluded"),
        ("12,800円（税抜11,637円）", "12800", "JPY", "excluded"),
        ("1.2万円", "12000", "JPY", ""),
        ("USD 99.50", "99.50", "USD", ""),
        ("US$1,299.00", "1299.00", "USD", ""),
        ("$19.99", "19.99", "USD", ""),
        ("19.99 EUR incl. VAT", "19.99", "EUR", "included"),
        ("1.980,00 €", "1980.00", "EUR", ""),
        ("1 980,50 €", "1980.50", "EUR", ""),
        ("€1.980", "1980", "EUR", ""),
        ("CHF 1'980.00", "1980.00", "CHF", ""),
        ("12800", "12800", "", ""),
    ],
)
def test_price(text: str, amount: str, currency: str, tax: str) -> None:
    assert parse_price(text) == Price(Decimal(amount), currency, tax)


@pytest.mark.parametrize(
    "text",
    [
        "オープン価格",
        "1,000円〜2,000円",
        "1,980円〜",
        "$10-$20",
        "お問い合わせ",
        "",
        "50 kg",
        "無料",
        "1.980円",
        "12,5",
    ],
)
def test_no_price(text: str) -> None:
    assert parse_price(text) == Price()


@given(
    st.decimals(0, 9_999_999, places=2),
    st.sampled_from(["USD", "EUR", "GBP"]),
    st.sampled_from(["{0:,} {1}", "{1} {0}", "{1}{0:,}", "{0}{1}"]),
)
def test_price_round_trip(amount: Decimal, currency: str, form: str) -> None:
    assert parse_price(form.format(amount, currency)) == Price(amount, currency)


@given(st.integers(0, 99_999_999), st.sampled_from(["{:,}円", "¥{}", "￥{:,}-", "{}円(税込)"]))
def test_yen_round_trip(amount: int, form: str) -> None:
    assert parse_price(form.format(amount)).amount == amount


@pytest.mark.parametrize(
    ("heading", "currency", "tax"),
    [
        ("価格（税込）", "JPY", "included"),
        ("税抜価格", "JPY", "excluded"),
        ("税込/税抜", "JPY", ""),
        ("price_excl_tax", "", "excluded"),
        ("Price incl. VAT (GBP)", "GBP", "included"),
        ("価格", "", ""),
    ],
)
def test_what_a_heading_says_of_a_price(heading: str, currency: str, tax: str) -> None:
    assert (currency_of(heading), tax_of(heading)) == (currency, tax)


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

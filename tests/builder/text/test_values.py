"""One value in two spellings is the same; another value, or another unit, is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.text.numbers import in_digits
from builder.text.values import unsupported_values, values

SAME = [
    ("令和6年4月1日", "2024年4月1日"),
    ("2024年4月1日", "R6.4.1"),
    ("令和元年", "2019年"),
    ("2024-04-01", "April 1, 2024"),
    ("1 Apr 2024", "令和6年4月1日"),
    ("4月1日", "2024/4/1"),
    ("2024年4月", "2024年4月1日"),
    ("二〇二四年", "2024年"),
    ("30日以内", "三十日以内"),
    ("第12条", "第十二条"),
    ("1つ", "一つ"),
    ("6か月", "六箇月"),
    ("12,000円", "1万2千円"),
    ("¥12,000", "1万2千円"),
    ("５千万円", "50,000,000円"),
    ("1億2000万円", "120000000円"),
    ("千円", "1,000円"),
    ("$1.2 million", "1,200,000 dollars"),
    ("30%", "3割"),
    ("35パーセント", "3割5分"),
    ("17:00", "午後5時"),
    ("5 p.m.", "17:00"),
    ("午後1時半", "13:30"),
    ("9時30分", "9:30"),
    ("5:00", "5 p.m."),
    ("14 days", "two weeks"),
    ("fourteen days", "14日"),
    ("10 business days", "ten business days"),
    ("90 minutes", "1.5 hours"),
    ("1500ml", "1.5L"),
    ("0.5GB", "500 MB"),
    ("-5℃", "マイナス5度"),
    ("1.5 kg", "重さ(kg): 1.5"),
    ("03-1234-5678", "(03)1234-5678"),
    ("+81 3-1234-5678", "03-1234-5678"),
    ("Help@Example.com", "help@example.com"),
    ("https://www.example.com/", "example.com"),
    ("K210", "K-210"),
    ("ＳＰ－３１０", "SP-310"),
    ("3 of them", "three of them"),
    ("5万円", "5〜10万円"),
    ("$5 million", "$5-10 million"),
    ("5 to 10 days", "5-10 days"),
    ("5000円", "5,000〜1万円"),
    ("令和6年", "R6年度"),
    ("R6年", "令和6年"),
    ("FY2024", "fiscal year 2024"),
    ("2024年度", "FY24"),
    ("0312345678", "03-1234-5678"),
    ("3カ月間", "3か月"),
    ("80 km", "80キロ"),
    ("80キロ", "80kg"),
    ("ISO 9001", "ISO9001"),
    ("ISO9001", "ISO 9001"),
    ("5営業日", "5 business days"),
    ("10 days", "10 calendar days"),
    ("USD 300", "$300"),
]
OTHER = [
    ("平成6年", "令和6年"),
    ("2024年4月2日", "2024年4月1日"),
    ("2024年4月1日", "2023年4月1日から2024年5月1日まで"),
    ("5時", "17:05"),
    ("午前5時", "午後5時"),
    ("14 days", "14 hours"),
    ("3割", "3日"),
    ("30 percent", "30 days"),
    ("thirty days", "14 days"),
    ("8 euros", "8 dollars"),
    ("1万円", "1万2千円"),
    ("2円", "1万2千円"),
    ("210 yen", "K-210"),
    ("1.5kg", "1.5L"),
    ("-5℃", "5℃"),
    ("5℃", "-5℃"),
    ("03-1234-5679", "03-1234-5678"),
    ("https://evil.example/x", "https://good.example/x"),
    ("http://good.example/?q=secret", "http://good.example/"),
    ("evil.com", "example.com"),
    ("javascript:alert(1)", "javascript"),
    ("data:text/html;base64,PHNjcmlwdD4=", "data"),
    ("a@evil.example", "a@good.example"),
    ("312", "Call 03-312-4455."),
    ("10%", "10ポイント差し上げます"),
    ("5円", "5〜10万円"),
    ("5 kg", "5-10 cm"),
    ("5 days", "5 business days"),
    ("14 business days", "14 days"),
    ("2024円", "2024年"),
    ("80 g", "80キロ"),
]


@pytest.mark.parametrize(("said", "source"), SAME)
def test_one_value_in_two_spellings_is_the_same(said: str, source: str) -> None:
    assert unsupported_values(f"It is {said} now.", f"See: {source}.") == set()


@pytest.mark.parametrize(("said", "source"), OTHER)
def test_another_value_is_not(said: str, source: str) -> None:
    assert unsupported_values(said, source)


@pytest.mark.parametrize(
    "text",
    [
        "十分な睡眠をとる",
        "一部の商品",
        "一方で",
        "one of them",
        "万一の場合",
        "一時的に休む",
        "I may go",
    ],
)
def test_a_word_that_looks_like_a_number_is_none(text: str) -> None:
    assert values(text) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("１，２００円", {"1200"}),
        ("K-210は1.50L", {"K-210", "1.5"}),
        ("Open 9:00-17:30 on 4月1日", {"09:00", "17:30", "04-01"}),
        ("(https://a.example/b).", {"https://a.example/b"}),
    ],
)
def test_values_in_canonical_form(text: str, found: set[str]) -> None:
    assert values(text) == found


KANJI = "〇一二三四五六七八九"


def kanji(number: int) -> str:
    """A number below 10,000 as it is written: 120 is 百二十."""
    out = ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            out += ("" if digit == 1 and name else KANJI[digit]) + name
    return out


@given(st.integers(1, 9999))
def test_kanji_numerals_are_their_numbers(number: int) -> None:
    assert in_digits(f"{kanji(number)}円") == f"{number}円"
    assert unsupported_values(f"{number:,}円", f"{kanji(number)}円です") == set()


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_myriads_are_their_numbers(large: int, small: int) -> None:
    written = f"{large}万{small or ''}円"
    assert unsupported_values(f"¥{large * 10000 + small:,}", written) == set()


@given(st.decimals(Decimal("0.1"), 500, places=1))
def test_litres_are_millilitres_and_no_kilograms(litres: Decimal) -> None:
    assert unsupported_values(f"{litres * 1000}ml", f"{litres}L") == set()
    assert unsupported_values(f"{litres}kg", f"{litres}L")


@given(st.dates())
def test_a_date_is_the_same_in_all_forms(day: object) -> None:
    from datetime import date

    assert isinstance(day, date)
    iso = f"{day.year:04}-{day.month:02}-{day.day:02}"
    for form in (f"{day.year:04}年{day.month}月{day.day}日", f"{day:%B} {day.day}, {day.year:04}"):
        assert unsupported_values(iso, form) == set()


@given(st.text(max_size=80))
def test_any_text_supports_itself(text: str) -> None:
    assert unsupported_values(text, text) == set()
    assert unsupported_values(text, "") == values(text)

"""Ranges of quantities, and whether what a question says lies in one."""

from __future__ import annotations

import pytest

from builder.text.ranges import is_covered, quantities, ranges

TIERS = ("Fewer than 3 years: 4 hours", "3 years but less than 15 years: 6 hours",
         "15 or more years: 8 hours")  # fmt: skip
DISTANCES = ("50km以上100km未満: 1,500円", "100km以上: 3,000円")
BREAKS = ("6時間を超え8時間以下: 45分", "8時間超: 60分")


@pytest.mark.parametrize(
    ("question", "rows", "row"),
    [
        ("I have been here for two years.", TIERS, 0),
        ("I've worked here 36 months", TIERS, 1),
        ("20 years of service", TIERS, 2),
        ("150km離れた所への出張", DISTANCES, 1),
        ("９９キロメートル", DISTANCES, 0),
        ("100,000 m", DISTANCES, 1),
        ("8時間働いた日", BREAKS, 0),
        ("9時間だと", BREAKS, 1),
    ],
)
def test_a_quantity_lies_in_one_row_of_its_table(
    question: str, rows: tuple[str, ...], row: int
) -> None:
    assert [is_covered(question, text) for text in rows] == [n == row for n in range(len(rows))]


@pytest.mark.parametrize(
    "text", ["more than 2 days", "over 2 days", "at least 3 days", "no less than 3 days", "3日以上"]
)
def test_a_lower_end(text: str) -> None:
    assert is_covered("3 days", text)
    assert not is_covered("1 day", text)


@pytest.mark.parametrize(
    "text",
    ["less than 4 days", "under 4 days", "up to 3 days", "3 days or less", "3日以内", "4日未満"],
)
def test_an_upper_end(text: str) -> None:
    assert is_covered("3 days", text)
    assert not is_covered("5 days", text)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("4日", "3〜5日"),
        ("4日", "3日から5日"),
        ("4 days", "3-5 days"),
        ("4 days", "between 3 and 5 days"),
        ("4 days", "from 3 to 5 days"),
        ("3回", "2回以上"),
        ("37.8度", "37.5度以上"),
        ("20 business days", "10 or more business days"),
        ("$50", "more than 25 dollars"),
        ("2,000円", "¥3,000以下"),
        ("90 minutes", "1 hour or more"),
        ("2 years", "not less than 1 year"),
    ],
)
def test_other_ways_to_state_one(quantity: str, text: str) -> None:
    assert is_covered(quantity, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("5 days", "no more than 3 days"),
        ("6 days", "3-5 days"),
        ("2026年に入社した人の休暇は?", "勤続5年以上は20日"),
        ("5月10日", "10日以内に届け出る"),
        ("10 in total", "up to 20 in all"),
        ("20 business trips", "at least 10 business days"),
    ],
)
def test_what_lies_beside_it_or_is_no_quantity(question: str, text: str) -> None:
    assert not is_covered(question, text)


@pytest.mark.parametrize("text", ["3", "", "room 3 or more", "over 3 kg", "3 days"])
def test_another_unit_or_none_covers_nothing(text: str) -> None:
    assert not is_covered("I need 5 days and a fee of 200 yen", text)


def test_numbers_beside_ranges_stay_quantities() -> None:
    (measured,) = quantities("Fewer than 3 years: 4 hours")
    assert (measured.number, measured.unit) == (14400, "s")
    (stated,) = ranges("Fewer than 3 years: 4 hours")
    assert (stated.low, stated.high, stated.with_high) == (None, 36, False)

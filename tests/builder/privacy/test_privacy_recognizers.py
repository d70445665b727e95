"""What is recognized as personal, measured on lines with and without it."""

from __future__ import annotations

from collections import Counter

import pytest
from privacy_lines import LINES

from builder.privacy import check_digits
from builder.privacy.find import Finder

PRECISION, RECALL = 0.98, 0.96


def found(line: str, *keep: str) -> list[str]:
    return [f"{f.kind} {line[f.start : f.end]}" for f in Finder(keep).find(line)]


def test_precision_and_recall_hold() -> None:
    right: Counter[str] = Counter()
    wrong, missed = [], []
    for line, expected in LINES:
        got, wanted = Counter(found(line)), Counter(expected)
        right.update(item.split()[0] for item in (got & wanted).elements())
        wrong += list((got - wanted).elements())
        missed += list((wanted - got).elements())
    assert len(LINES) >= 120
    assert right.total() / (right.total() + len(wrong)) >= PRECISION, wrong
    assert right.total() / (right.total() + len(missed)) >= RECALL, missed


@pytest.mark.parametrize("line", [line for line, expected in LINES if not expected])
def test_what_only_looks_personal_is_left_alone(line: str) -> None:
    assert found(line) == []


def test_one_wrong_digit_is_no_card_no_my_number_and_no_iban() -> None:
    assert check_digits.luhn("4111111111111111")
    assert not check_digits.luhn("4111111111111112")
    assert check_digits.iban("DE89370400440532013000")
    assert not check_digits.iban("DE89370400440532013001")
    valid = "123456789018"
    for place in range(12):
        for digit in "0123456789":
            other = valid[:place] + digit + valid[place + 1 :]
            # The rule gives remainders 0 and 1 the same digit: not every error is seen.
            if place == 11:
                assert check_digits.my_number(other) == (other == valid)


def test_what_the_owner_keeps_is_not_found() -> None:
    line = "Write to Help@Kayanomi.example or call 03-0000-3482, not taro@mail.example."
    assert found(line, "*@kayanomi.example", "+44-*") == [
        "phone 03-0000-3482",
        "email taro@mail.example",
    ]
    assert found(line, "*@kayanomi.example", "03 0000 *") == ["email taro@mail.example"]
    assert found("窓口 ０３－００００－３４８２", "03-0000-*") == []
    assert found("窓口 03-0000-3482", "+81-3-0000-*") == []


def test_spellings_of_one_value_are_one() -> None:
    values = {
        f.value
        for text in (
            "電話 03-1234-5678",
            "TEL ０３－１２３４－５６７８",
            "Call +81 3 1234 5678",
            "+81 (0)3-1234-5678",
        )
        for f in Finder().find(text)
    }
    assert values == {"+81312345678"}
    names = [f.value for t in ("佐藤 花子様", "佐藤花子さん") for f in Finder().find(t)]
    assert len(names) == 2
    assert len(set(names)) == 1


@pytest.mark.parametrize(
    "text", ["", "-" * 20_000, "0" * 20_000, "@" * 5000, "a@" * 5000, "東京都" * 3000]
)
def test_odd_texts_are_read_in_passable_time(text: str) -> None:
    assert isinstance(Finder().find(text), list)

"""Terms for keyword search and overlap."""

from __future__ import annotations

import pytest

from builder.text.terms import content_terms, overlap, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("返品期間", ["返品", "品期", "期間"]),
        ("傘", ["傘"]),
        ("Ｋ－２１０", ["k-210", "k", "210", "k210"]),
        ("K210S", ["k210s", "k", "210", "s"]),
        ("ｹﾄﾙ", ["ケト", "トル"]),
        ("Returns, 14 days", ["return", "14", "day"]),
        ("", []),
        ("!?。", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("planned", "plan"), ("policies", "policy"), ("boxes", "box"), ("shipping", "ship")],
)
def test_inflections_agree(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_grammar_carries_no_meaning() -> None:
    assert content_terms("What is the price of it?") == {"pric"}
    assert content_terms("価格はいくらですか") == {"価格", "格は"}


def test_overlap_is_the_share_of_the_question() -> None:
    assert overlap("kettle warranty", "The warranty of the kettle is long.") == 1.0
    assert overlap("kettle warranty", "The kettle is long.") == 0.5
    assert overlap("what is it", "what is it") == 0.0

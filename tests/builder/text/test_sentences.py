"""Where sentences begin and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.text.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "It costs 3.50 yen. Ask Dr. Smith, e.g. now.",
            ["It costs 3.50 yen.", "Ask Dr. Smith, e.g. now."],
        ),
        ("一つ。二つ！三つ？", ["一つ。", "二つ！", "三つ？"]),
        ("- one\n- two", ["- one", "- two"]),
        ("・一つ\n・二つ", ["・一つ", "・二つ"]),
        ("one\ntwo", ["one\ntwo"]),
        ("one\n\ntwo", ["one", "two"]),
        ("see:\n| a | b |", ["see:", "| a | b |"]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aA1 .!?。！」（）「\n-・|\u3000"))
def test_spans_are_in_order_and_lose_only_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[s:e] == text[s:e].strip() != "" for s, e in spans)
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())

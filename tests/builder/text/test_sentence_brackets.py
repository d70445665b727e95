"""A full stop inside brackets does not end the sentence around them."""

from __future__ import annotations

import pytest

from builder.text.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "労働基準法（以下「労基法」という。）の定めによる。次の文。",
            ["労働基準法（以下「労基法」という。）の定めによる。", "次の文。"],
        ),
        ("「行きます。」と答えた。終わり。", ["「行きます。」と答えた。", "終わり。"]),
        (
            "無料です。（修理を除く。）詳しくは店へ。",
            ["無料です。", "（修理を除く。）", "詳しくは店へ。"],
        ),
    ],
)
def test_a_stop_inside_brackets(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected

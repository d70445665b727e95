"""The sentence of a refusal."""

from __future__ import annotations

from builder.text.refusals import refusal


def test_a_refusal_is_in_the_language_of_the_question() -> None:
    assert refusal("ja") == "資料には記載がありません。"
    assert refusal("en") == refusal("fr") == "The documents do not say."

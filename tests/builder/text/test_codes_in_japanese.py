"""A part number is found whole between kana."""

from __future__ import annotations

from builder.text.values import unsupported_values, values


def test_a_code_between_kana_is_whole() -> None:
    assert "SP-K310-G" in values("ガラス本体の商品コードはSP-K310-Gです。")
    assert unsupported_values("商品コードはSP-K310-Gです。", "Part no.: SP-K310-G") == set()
    assert "SP-K310-H" in unsupported_values("SP-K310-Hです。", "Part no.: SP-K310-G")

"""An answer's values belong to whom the source gives them, and nothing becomes its opposite."""

from __future__ import annotations

import pytest

from builder.bot.pairing import same_facts

LEAVE = "Full-time employees get 20 days of leave and part-time employees get 10 days."
FEES = "送料は、本州は800円、北海道は1,500円、沖縄は2,000円です。"
KEPT = [
    ("Part-time employees get 10 days.", LEAVE, ""),
    ("Full-time employees get 20 days of leave.", LEAVE, ""),
    ("10 days.", LEAVE, "How many days do part-time employees get?"),
    ("Full-time employees get 20 days, part-time employees 10 days.", LEAVE, ""),
    ("北海道は1,500円です。", FEES, ""),
    ("1,500円です。", FEES, "北海道への送料はいくらですか？"),
    ("Return it within 14 days of delivery.", "Goods go back within 14 days of delivery.", ""),
    (
        "You can return an item you purchased within 14 days of delivery.",
        "Items may be returned within 14 days of delivery.",
        "",
    ),
    ("Unopened goods may be returned.", "Goods that are unopened may be returned.", ""),
    ("未開封の商品は返品できます。", "商品は未開封に限り返品できます。", ""),
    ("We pay for it.", "We pay the postage.", ""),
]
CHANGED = [
    ("Part-time employees get 20 days.", LEAVE, ""),
    ("20 days.", LEAVE, "How much leave do part-time employees get?"),
    ("Full-time employees get 10 days, part-time employees 20 days.", LEAVE, ""),
    ("北海道は2,000円です。", FEES, ""),
    ("2,000円です。", FEES, "北海道への送料はいくらですか？"),
    ("Within 14 days of purchase.", "Goods go back within 14 days of delivery.", ""),
    ("Opened goods may be returned.", "Unopened goods may be returned.", ""),
    ("Unopened goods may be returned.", "Opened goods may be returned.", ""),
    ("開封した商品は返品できます。", "未開封の商品は返品できます。", ""),
    ("Apply before the trip.", "Apply after the trip.", ""),
    ("We pay the postage.", "You pay the postage.", ""),
    ("当月の末日に支払う。", "翌月の末日に支払う。", ""),
    ("購入から30日以内です。", "到着から30日以内です。", ""),
]


@pytest.mark.parametrize(("sentence", "source", "question"), KEPT)
def test_the_same_facts_in_other_words_are_the_same(
    sentence: str, source: str, question: str
) -> None:
    assert same_facts(sentence, source, question)


@pytest.mark.parametrize(("sentence", "source", "question"), CHANGED)
def test_a_value_of_another_or_an_opposite_is_seen(
    sentence: str, source: str, question: str
) -> None:
    assert not same_facts(sentence, source, question)

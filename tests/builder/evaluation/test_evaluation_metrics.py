"""Scores worked out by hand, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.evaluation import metrics
from builder.records import Citation

TEXTS = st.text(alphabet="aAbtheé 0129.,-'[]日本語カナー％%", max_size=40)
LANGUAGES = st.sampled_from(["en", "ja", "de", "und"])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("K-210", "Ｋ－２１０"),
        ("1,200 hours", "１２００ Hours"),
        ("¥12,800", "￥12800"),
        ("12.50", "12.5"),
        ("4hours", "4 hours"),
        ("don't", "dont"),
        ("It is so [1].", "it is so"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("−18℃", "-18°C"),
    ],
)
def test_spellings_of_one_thing_are_equal(left: str, right: str) -> None:
    assert metrics.pieces(left) == metrics.pieces(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("1.5", "15"), ("-5", "5"), ("10-15", "1015"), ("1,20", "120"), ("10%", "10"), ("か", "が")],
)
def test_different_things_stay_different(left: str, right: str) -> None:
    assert metrics.pieces(left) != metrics.pieces(right)


def test_f1_by_hand() -> None:
    # fee, is, 5, dollars: shared of 4 and 5 words, articles left out
    assert metrics.token_f1("The fee is 5 dollars", "a fee is 5 US dollars", "en") == pytest.approx(
        2 * 4 / (4 + 5)
    )
    # 6, か, 月, 間: shared of 8 and 4 characters
    assert metrics.token_f1("試用期間は6か月", "6か月間", "ja") == pytest.approx(2 * 4 / (8 + 4))
    assert metrics.token_f1("yes yes yes", "yes", "en") == pytest.approx(2 / 4)
    assert metrics.token_f1("no", "yes", "en") == 0
    assert metrics.token_f1("", "yes", "en") == 0
    assert metrics.token_f1("。", "", "ja") == 1


@given(TEXTS, TEXTS, LANGUAGES)
def test_f1_is_symmetric_and_a_share(left: str, right: str, language: str) -> None:
    score = metrics.token_f1(left, right, language)
    assert 0 <= score <= 1
    assert score == metrics.token_f1(right, left, language)


@given(TEXTS, LANGUAGES)
def test_identical_texts_match_wholly(text: str, language: str) -> None:
    assert metrics.token_f1(text, text, language) == 1
    assert metrics.exact_match(text, [text], language)


@given(TEXTS, TEXTS, TEXTS)
def test_an_answer_holds_each_sentence_that_it_consists_of(a: str, b: str, c: str) -> None:
    if metrics.pieces(b):
        assert metrics.holds_answer(f"{a}。 {b} 。{c}", [b])


@pytest.mark.parametrize(
    ("answer", "accepted", "held"),
    [
        ("You get 4 hours a day.", ["4 hours"], True),
        ("You get 24 hours a day.", ["4 hours"], False),
        ("You get 4.5 hours a day.", ["5 hours"], False),
        ("Ask in #tweet-this.", ["tweet this"], True),
        ("Intelligent people", ["tell"], False),
        ("After one year", ["one years"], True),
        ("It is in Building B", ["Building A"], False),
        ("採用から11週間以内", ["1週間以内"], False),
        ("採用から１週間以内に", ["1週間以内", "一週間以内"], True),
        ("10〜15分です", ["15分"], True),
        ("アンダースコア（＿）です", ["_"], True),
        ("ハイフンです", ["_", " "], False),
        ("anything", [], False),
        ("anything", ["。"], False),
        ("", ["4 hours"], False),
    ],
)
def test_holds_answer(answer: str, accepted: list[str], held: bool) -> None:
    assert metrics.holds_answer(answer, accepted) is held


def test_exact_match_takes_any_gold() -> None:
    assert metrics.exact_match("The 4 hours.", ["no", "4 Hours"], "en")
    assert not metrics.exact_match("4 hours or so", ["4 hours"], "en")


def test_ranks(passage) -> None:
    passages = [passage("a.md", "Fees"), passage("b.md", "Four\n  hours"), passage("b.md", "x")]
    assert metrics.source_rank(passages, ["b.md"]) == 2
    assert metrics.source_rank(passages, ["c.md"]) == 0
    assert metrics.source_rank([], ["b.md"]) == 0
    assert metrics.passage_rank(passages, "Four hours") == 2
    assert metrics.passage_rank(passages, "Five hours") == 0


def test_a_row_belongs_to_its_table_and_japanese_names_compare_composed() -> None:
    assert metrics.same_source("prices.csv#12", "prices.csv")
    assert not metrics.same_source("prices.csv.bak", "prices.csv")
    assert metrics.same_source("ガイド.md", "カ\u3099イト\u3099.md")


def test_citations(passage) -> None:
    right = Citation("b.md", "page 1", "Four hours")
    assert metrics.cites([Citation("a.md", "", "x"), right], ["b.md"])
    assert not metrics.cites([], ["b.md"])
    passages = [passage("b.md", "Four\nhours a day")]
    assert metrics.quotes_verbatim([right], passages)
    assert not metrics.quotes_verbatim([right, Citation("b.md", "", "Five hours")], passages)
    # The words stand in another document than the one named.
    assert not metrics.quotes_verbatim([Citation("a.md", "", "Four hours")], passages)
    assert not metrics.quotes_verbatim([Citation("b.md", "", " ")], passages)


def test_the_mean_of_nothing_is_none_and_not_zero() -> None:
    assert metrics.mean([]) is None
    assert metrics.mean([None, None]) is None
    assert metrics.mean([True, None, False]) == 0.5

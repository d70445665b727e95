"""Which unit answers: by likeness, by what is asked for, by the ranges that it states."""

from __future__ import annotations

from dataclasses import replace

from bot_cases import DELIVERY, RETURNS, draft, similar
from tiny import make_chunk, make_passage

from builder.bot.compose import Found, Rules, compose, weigh
from builder.bot.ranking import ranked_units
from builder.bot.wording import Wording
from builder.records import Chunk, Passage


def order(question: str, *chunks: Chunk, asked_for: str = "") -> list[str]:
    passages = [make_passage(chunk) for chunk in chunks]
    return [one.unit.plain for one in ranked_units(question, passages, similar, asked_for)]


def test_equal_units_are_taken_from_the_first_passage() -> None:
    chunks = [make_chunk(name, "The fee is 5 euros.") for name in ("a", "b")]
    ranked = ranked_units("What is the fee?", [Passage(c, 1, 0.9, 0.9) for c in chunks], similar)
    assert [one.unit.chunk.id for one in ranked] == ["a", "b"]


def test_of_like_units_the_one_that_tells_what_is_asked_comes_first() -> None:
    chunk = make_chunk("leak", "Report a leak in writing. Report a leak within 2 days.")
    assert order("How long may I wait to report a leak?", chunk)[0].endswith("within 2 days.")
    assert order("How do I report a leak?", chunk)[0].endswith("in writing.")


def test_the_rest_of_a_question_asks_for_what_the_whole_asked_for() -> None:
    chunk = make_chunk("trips", "Trips abroad are paid in cash. Trips abroad: within 14 days.")
    whole = "By when are trips paid? And abroad?"
    assert order("And trips abroad?", chunk, asked_for=whole)[0].endswith("14 days.")


def test_a_quantity_of_the_question_picks_its_row() -> None:
    table = make_chunk(
        "distance",
        "| Distance | Allowance |\n|---|---|\n| less than 100 km | 1,500 yen |\n"
        "| 100 km or more | 3,000 yen |",
        kind="table",
        model_text="| Distance | Allowance |\n| less than 100 km | 1,500 yen |\n"
        "| 100 km or more | 3,000 yen |",
    )
    assert "3,000 yen" in order("What is the allowance for 150 km?", table)[0]
    assert "1,500 yen" in order("What is the allowance for 60 km?", table)[0]


def test_of_two_units_as_good_as_each_other_both_are_quoted() -> None:
    rules = Rules(min_support=0.1, passages=3)
    texts = ("The fee is 5 euros.", "The fee is 8 euros.")
    passages = tuple(make_passage(make_chunk(text[-8], text)) for text in texts)
    weighed = weigh("What is the fee?", Found(passages, passages), similar, rules)
    answer = compose(draft("What is the fee?"), None, weighed, similar, rules)
    assert answer.answer.split("\n") == list(texts)
    assert len(answer.citations) == 2
    short = replace(rules, wording=Wording(length="short"))
    answer = compose(draft("What is the fee?"), None, weighed, similar, short)
    assert answer.answer == texts[0]


def test_a_unit_clearly_behind_is_not_quoted() -> None:
    rules = Rules(min_support=0.1, passages=3)
    passages = tuple(make_passage(chunk) for chunk in (RETURNS, DELIVERY))
    question = "Within how many days may goods be returned?"
    weighed = weigh(question, Found(passages, passages), similar, rules)
    answer = compose(draft(question), None, weighed, similar, rules)
    assert answer.answer == "Unused goods may be returned within 14 days of delivery."


def test_a_table_that_does_not_name_the_thing_answers_with_its_row_for_the_rest() -> None:
    rows = "| Ovens | 3 years |\n| All other goods | 1 year |"
    table = make_chunk(
        "warranty",
        f"| Goods | Warranty |\n|---|---|\n{rows}",
        kind="table",
        model_text=f"| Goods | Warranty |\n{rows}",
    )
    assert "All other" in order("How long is the warranty on a kettle?", table)[0]
    assert "Ovens" in order("How long is the warranty on ovens?", table)[0]

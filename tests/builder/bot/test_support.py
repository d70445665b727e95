"""What counts as borne out by a passage."""

from __future__ import annotations

import pytest
from bot_cases import DELIVERY, HENPIN, RETURNS
from tiny import make_chunk

from builder.bot.support import (
    is_supported,
    names_unknown,
    rests_on,
    says_something,
    term_support,
)
from builder.bot.units import units_of


@pytest.mark.parametrize(
    ("answer", "supported"),
    [
        ("Within 14 days of delivery.", True),
        ("Unused goods may be returned within 14 days.", True),
        ("Within 15 days of delivery.", False),
        ("Within fourteen weeks by carrier pigeon.", False),
        ("Return goods to Bob within 14 days.", False),
        ("Write to returns@example.com within 14 days.", False),
        ("", False),
    ],
)
def test_an_answer_holds_nothing_that_its_passage_does_not(answer: str, supported: bool) -> None:
    assert is_supported(answer, RETURNS) is supported


def test_numbers_agree_in_any_width_and_script() -> None:
    assert is_supported("到着後１４日以内に返品できます。", HENPIN)
    assert not is_supported("到着後１５日以内に返品できます。", HENPIN)
    three = make_chunk("c", "Delivery takes three days.")
    assert is_supported("Delivery takes 3 days.", three)
    assert not is_supported("Delivery takes 4 days.", three)


def test_the_title_and_headings_count_as_said() -> None:
    chunk = make_chunk("c", "It weighs 3 kg.", title="Kettle K-210", headings=("Weight",))
    assert is_supported("The kettle K-210 weighs 3 kg.", chunk)


def test_the_share_of_supported_terms_is_between_none_and_all() -> None:
    assert term_support("Delivery takes 3 days", DELIVERY) == 1.0
    assert term_support("Quantum chromodynamics", DELIVERY) == 0.0
    assert 0 < term_support("Delivery by submarine", DELIVERY) < 1
    assert term_support("", DELIVERY) == 0.0


def test_repeating_the_question_says_nothing() -> None:
    question = "May goods be returned within 14 days?"
    assert not says_something("Goods may be returned within 14 days.", question)
    assert not says_something("Yes.", question)
    assert says_something("Only unused goods.", question)
    assert says_something("14 days", "How many days?")


def test_words_of_the_question_need_no_support() -> None:
    chunk = make_chunk("rules", "Passwords have at least 14 characters.")
    answer = "The minimum length of a password is 14 characters."
    assert not is_supported(answer, chunk)
    assert is_supported(answer, chunk, "What is the minimum length of a password?")


def test_the_values_of_a_sentence_stand_together_in_one_unit() -> None:
    chunk = make_chunk(
        "times", "1. Returns take 14 days.\n2. Repairs take 30 days and cost 900 yen."
    )
    units = units_of(chunk)
    assert rests_on("Repairs take 30 days and cost 900 yen.", units)
    assert not rests_on("Repairs take 14 days and cost 900 yen.", units)
    assert not rests_on("Returns take 1 day.", units), "the number of a list item is no value"
    assert not rests_on("Returns take 14 days. Returns take 14 days.", units)


def test_a_part_number_that_no_passage_holds_is_unknown() -> None:
    chunk = make_chunk("kettle", "The kettle K-210 holds 1.2L.")
    assert not names_unknown("Does the K210 hold 1.5L?", [chunk])
    assert names_unknown("How much is the K-999?", [chunk])
    assert not names_unknown("How much does it hold?", [])

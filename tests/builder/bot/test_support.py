"""What counts as borne out by a passage."""

from __future__ import annotations

import pytest
from bot_cases import DELIVERY, HENPIN, RETURNS
from hypothesis import given
from hypothesis import strategies as st
from tiny import make_chunk

from builder.bot.support import confidence, is_supported, says_something, term_support
from builder.records import Passage


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


SCORE = st.floats(-1, 1)
SHARE = st.floats(0, 1)


@given(SCORE, SHARE)
def test_confidence_is_a_share_and_grows_with_both_signs(similarity: float, overlap: float) -> None:
    def sure(by: float, share: float) -> float:
        return confidence([Passage(RETURNS, 1.0, by, share)])

    value = sure(similarity, overlap)
    assert 0.0 <= value <= 1.0
    assert sure(min(1.0, similarity + 0.1), overlap) >= value
    assert sure(similarity, min(1.0, overlap + 0.1)) >= value


def test_one_near_passage_among_the_first_is_enough() -> None:
    near, far = Passage(RETURNS, 1.0, 0.92, 0.8), Passage(DELIVERY, 1.0, 0.75, 0.0)
    assert confidence([]) == 0.0
    assert confidence([far, far, near]) == confidence([near])
    assert confidence([far, far, far, near]) == confidence([far])

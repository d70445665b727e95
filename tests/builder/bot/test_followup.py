"""Follow-ups take over what they leave out; questions that stand alone are left alone."""

from __future__ import annotations

import pytest
from followup_cases import ENGLISH, JAPANESE, Case

from builder.bot.followup import standalone
from builder.records import Message

LEAVE = (
    Message("user", "How many days of annual leave do warehouse staff get?"),
    Message("assistant", "They get 20 days."),
)
KYUUKA = (
    Message("user", "正社員の年次有給休暇は何日ですか？"),
    Message("assistant", "20日です。"),
)


@pytest.mark.parametrize("case", [*ENGLISH, *JAPANESE], ids=lambda case: f"{case[0]} {case[2]}")
def test_a_follow_up_takes_over_its_subject_and_not_what_was_asked_of_it(case: Case) -> None:
    earlier, answer, question, carried, left = case
    whole = standalone(question, (Message("user", earlier), Message("assistant", answer)))
    assert whole.endswith(question)
    before = whole.removesuffix(question)
    for words in carried:
        assert words in before
    for words in left:
        assert words not in before


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("Which documents must a supplier send before the first delivery?", LEAVE),
        ("How long is the guarantee on the K-210 electric kettle?", LEAVE),
        ("My badge reader says it does not know the card, whom do I call?", LEAVE),
        ("返品した商品の代金はいつ返金されますか？", KYUUKA),
        ("電気ケトルK-210の保証期間を教えてください。", KYUUKA),
    ],
)
def test_a_new_question_is_searched_for_as_it_is(
    question: str, history: tuple[Message, ...]
) -> None:
    assert standalone(question, history) == question


@pytest.mark.parametrize("question", ["What about drivers?", "それは？", ""])
def test_without_an_earlier_question_there_is_nothing_to_lean_on(question: str) -> None:
    assert standalone(question, ()) == question
    assert standalone(question, (Message("assistant", "Hello! Ask me."),)) == question


def test_a_product_is_carried_through_several_turns_and_dropped_with_the_subject() -> None:
    history = [Message("user", "How much is the K-210 kettle?"), Message("assistant", "3,980 yen.")]
    for question in ("Is it in stock?", "And its warranty?"):
        assert "K-210" in standalone(question, history)
        history += [Message("user", question), Message("assistant", "Yes.")]
    history.append(Message("user", "Which documents must a supplier send before delivery?"))
    assert "K-210" not in standalone("And by when?", history)
    assert "supplier" in standalone("And by when?", history)


def test_a_long_conversation_does_not_make_a_long_question() -> None:
    history = [Message("user", "How many days of annual leave do warehouse staff get?")]
    history += [Message("user", f"What about department number {n}?") for n in range(100)]
    assert len(standalone("And drivers?", history)) < 400

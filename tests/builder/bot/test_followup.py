"""Follow-ups carry the earlier question's words; questions that stand alone are left alone."""

from __future__ import annotations

import pytest

from builder.bot.followup import standalone
from builder.records import Message

ENGLISH = (
    Message("user", "How many days of annual leave do warehouse staff get?"),
    Message("assistant", "They get 20 days."),
)
JAPANESE = (
    Message("user", "正社員の年次有給休暇は何日ですか？"),
    Message("assistant", "20日です。"),
)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("What about drivers?", ENGLISH),
        ("And in the second year?", ENGLISH),
        ("Can it be carried over to the next calendar year?", ENGLISH),
        ("Why?", ENGLISH),
        ("Is that paid?", ENGLISH),
        ("For drivers?", ENGLISH),
        ("それは有給ですか？", JAPANESE),
        ("パートの場合は？", JAPANESE),
        ("じゃあ契約社員は？", JAPANESE),
        ("その繰り越しはできますか？", JAPANESE),
        ("入社2年目だと？", JAPANESE),
    ],
)
def test_a_follow_up_is_searched_for_with_the_question_before_it(
    question: str, history: tuple[Message, ...]
) -> None:
    assert standalone(question, history) == f"{history[0].content} {question}"


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("Which documents must a supplier send before the first delivery?", ENGLISH),
        ("How long is the guarantee on the K-210 electric kettle?", ENGLISH),
        ("返品した商品の代金はいつ返金されますか？", JAPANESE),
        ("電気ケトルK-210の保証期間を教えてください。", JAPANESE),
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


def test_the_last_question_is_carried_over_not_the_answer_nor_the_first() -> None:
    history = (*ENGLISH, Message("user", "What about drivers?"), Message("assistant", "22 days."))
    assert standalone("Why?", history) == "What about drivers? Why?"

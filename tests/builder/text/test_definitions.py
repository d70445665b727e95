"""Which texts explain what a question asks to have explained."""

from __future__ import annotations

import pytest

from builder.text.definitions import defines


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (
            "What is a credit hour?",
            "A credit hour is an hour that you work beyond your schedule.",
            "Enter each credit hour in the time sheet.",
        ),
        ("what are blackout dates", "**Blackout dates**: days without leave.", "See the dates."),
        (
            "What does PTO stand for?",
            "PTO (in the handbook) stands for paid time off.",
            "Ask for PTO a week before.",
        ),
        (
            "What do people mean by petty cash?",
            "Petty cash means the notes and coins in the shop's drawer.",
            "Count the petty cash at night.",
        ),
        (
            "What's the difference between comp time and overtime?",
            "- Comp time: hours off for hours worked.",
            "Ask before you work longer.",
        ),
        (
            "How is a detail different from a transfer?",
            "A detail is a loan to another team.",
            "Apply for a detail by mail.",
        ),
        (
            "What are credit hours?",
            "A credit hour is an hour beyond your schedule.",
            "Enter your credit hours in the time sheet.",
        ),
        ("What is travel insurance?", "Travel insurance is a policy.", "Buy travel insurance."),
        ("PTOって何ですか", "PTOとは有給の休みです。", "PTOは前日までに届け出る。"),
        (
            "みなし残業って何ですか？",
            "みなし残業とは、あらかじめ給与に含めた残業のことです。",
            "みなし残業は40時間までです。",
        ),
        (
            "「所定労働日」とはどういう意味ですか",
            "所定労働日・・・働く約束のある日。",
            "所定労働日の前日に届け出る。",
        ),
        (
            "代休と振替休日の違いは？",
            "振替休日…前もって入れかえた休日",
            "代休を取る人は届け出る。",
        ),
        (
            "アソシエイトって何?",
            "ここで働く人を、アソシエイトと呼びます。",
            "アソシエイトは制服を着る。",
        ),
        ("住宅手当の定義を教えて", "- 住宅手当：家賃の半分", "住宅手当は毎月払う。"),
    ],
)
def test_only_an_explanation_defines(question: str, right: str, wrong: str) -> None:
    assert defines(question, right)
    assert not defines(question, wrong)


@pytest.mark.parametrize(
    "question",
    [
        "What is the deadline for a credit hour?",
        "What's their number?",
        "What does it mean when a name begins with g-?",
        "K-210って何円ですか",
        "credit hourは何日以内に使いますか",
        "Is a credit hour paid?",
    ],
)
def test_other_questions_ask_for_no_definition(question: str) -> None:
    text = "A credit hour is an hour. K-210とは、湯わかしのことです。It is their number. They are."
    assert not defines(question, text)


def test_what_stands_in_a_question_is_no_pattern() -> None:
    assert not defines("What is a (.*)+?", "Anything is here.")
    assert defines("What is a C++ guild?", "A C++ guild is a group of people.")


def test_a_hostile_length_ends() -> None:
    assert not defines("what is a " + "a b " * 2_000, "a は" * 2_000)
    assert not defines("あと" * 1_000 + "の違い", "あは" * 5_000)

"""What kind of thing a question asks for, and which sentences tell one."""

from __future__ import annotations

import pytest

from builder.text.answer_types import tells


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (
            "How fast do I have to report a leaked token?",
            "Send a message to security within 1 hour of noticing it.",
            "Please say what happened in the subject line.",
        ),
        (
            "How many people may I ask before the law applies?",
            "It does not apply to 9 or fewer people.",
            "It applies to research with more than one agency.",
        ),
        ("How often do I have to sign in?", "Sign in once every nine weeks.", "Sign in with SSO."),
        ("When is the review due?", "It ends on October 17.", "Managers close the review."),
        ("Who signs it?", "It is signed by the division's director.", "It is signed in ink."),
        ("What number do I call at night?", "Ring (866) 450-6588.", "Ring the bell."),
        ("Where do I email the form?", "Send it to travel@example.com.", "Send it as a PDF."),
        ("What does a new filter cost?", "A filter is ¥1,200.", "A filter lasts 3 months."),
        (
            "書類はいつまでに出せばいいですか",
            "採用日から1週間以内に提出する。",
            "住民票記載事項証明書を提出する。",
        ),
        ("日当はいくら？", "日当は3,000円とする。", "日当は出張者に支給する。"),
        ("残業代は何倍ですか", "時間外は1.25を乗じる。", "時間外は別に定める。"),
        ("消費電力は何ワット？", "消費電力: 1,350W", "電圧は100Vです。"),
        ("誰に届け出ますか", "所属の部長に届け出る。", "書面で届け出る。"),
        ("電話は何時まで？", "土曜は9時から17時です。", "日曜はお休みです。"),
    ],
)
def test_a_sentence_tells_what_the_question_asks_for(question: str, right: str, wrong: str) -> None:
    assert tells(question, right)
    assert not tells(question, wrong)


def test_what_the_question_says_itself_is_no_answer_to_it() -> None:
    question = "How long does it take to approve a leave of 3 weeks?"
    assert not tells(question, "A leave of 3 weeks has to be approved.")
    assert tells(question, "A leave of 3 weeks is approved in 2 days.")


@pytest.mark.parametrize(
    "question",
    [
        "What is paid when I leave?",  # not when it is paid
        "Tell me about the kettle.",
        "ケトルについて教えて",
        "",
    ],
)
def test_a_question_of_no_known_kind_prefers_nothing(question: str) -> None:
    assert not tells(question, "On 3 May 2024 at 10:00 the manager paid 500 yen within 2 days.")

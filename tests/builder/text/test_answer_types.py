"""What kind of thing a question asks for, and which sentences tell one."""

from __future__ import annotations

import pytest

from builder.text.answer_types import tells
from builder.text.ranges import is_covered


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


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("10,000円の備品を買うといくら戻りますか", "5,000円が戻ります"),
        ("If I buy a $5 item, how much do I get back?", "You get $50 back"),
        ("15日前に申請すると何日休めますか", "5日休める"),
        ("How many vacation days do I get?", "Staff get 20 days a year."),
        ("To whom do I report?", "Report to your manager."),
        ("残業代は何倍ですか", "1.25 × 基本給"),
        ("電話番号は?", "03(1234)5678"),
        ("何日以内ですか", "三日以内"),
    ],
)
def test_another_value_of_the_kind_is_one(question: str, right: str) -> None:
    assert tells(question, right)


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("誰が承認しますか", "内部統制の一部を改める"),
        ("Who leads?", "This leads to issues; head over to the desk"),
        ("何日ですか", "十分に注意する"),
        ("何日ですか", "一日中かかる"),
        ("何社ありますか", "一社員として働く"),
        ("Is the delay due to weather covered?", "It is paid on 3 May."),
        ("いつも使っている机は?", "3月3日に届く"),
        ("How many vacation days do I get?", "File 3 vacation requests at most."),
        ("How many can I take?", "3 canteens"),
        ("How much is it?", "version 1.2"),
    ],
)
def test_words_that_only_look_like_it_are_none(question: str, wrong: str) -> None:
    assert not tells(question, wrong)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ["1", "1,", "1-", "一", "a", "部", "(12) ", "a.a@a.", "1 to "])
def test_what_stands_behind_a_hostile_text_is_still_found(text: str) -> None:
    """A pattern that tries again at each of its places would take minutes: the limit ends it."""
    hostile = text * 10_000
    asked = "How much, who, how many people and how long? 何人 いくら 誰 電話番号 メール"
    told = tells(asked, hostile)
    assert tells("How long does it take?", f"{hostile}\n\nIt takes 3 days.")
    assert is_covered("4 days", f"{hostile}\n\nAt least 3 days.")
    assert told == (text == "a.a@a.")


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

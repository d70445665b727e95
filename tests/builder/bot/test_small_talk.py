"""Greetings are answered as a person would; a question behind one is a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.bot.service import Bot
from builder.bot.small_talk import small_talk
from builder.prompt import Persona
from builder.records import Question

GUIDE = Persona("Guide", "answer questions about the shop")
ANNAI = Persona("案内係", "社内の規程についてお答えする")


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("Hello!", "Hello! What would"),
        ("good morning", "Hello! What would"),
        ("Thanks a lot!", "You're welcome"),
        ("ok, thank you for your help", "You're welcome"),
        ("Bye!", "Goodbye"),
        ("Who are you?", "I am Guide"),
        ("Hi! Who are you?", "I am Guide"),
        ("What can you do?", "I answer questions about the shop."),
        ("help", "I answer questions about the shop."),
        ("こんにちは。", "こんにちは。何を"),
        ("おはようございます！", "こんにちは。何を"),
        ("ありがとうございました。", "お役に立てて"),
        ("さようなら", "ご利用ありがとう"),
        ("あなたは誰ですか？", "Guideです。資料に"),
        ("何ができますか？", "資料に書かれている"),
        ("使い方を教えてください", "資料に書かれている"),
    ],
)
def test_small_talk_is_answered_in_its_language(said: str, reply: str) -> None:
    assert (small_talk(said, GUIDE, "polite") or "").startswith(reply)
    assert small_talk(said, GUIDE, "plain")


@pytest.mark.parametrize(
    "said",
    [
        "こんにちは。有休は何日？",
        "Hello, how many days of leave do I have?",
        "Hi! What does the kettle cost?",
        "Thanks. And who pays the postage?",
        "Who are you supposed to call?",
        "help desk number",
        "What can you do if a parcel is late?",
        "何ができますか、試用期間中は？",
        "ありがとうカードとは何ですか",
        "",
        "?",
    ],
)
def test_a_question_behind_a_greeting_is_a_question(said: str) -> None:
    assert small_talk(said, GUIDE, "polite") is None


def test_the_purpose_is_said_in_the_language_that_it_is_written_in() -> None:
    assert "社内の規程についてお答えするチャットボット" in (
        small_talk("あなたは誰ですか", ANNAI, "polite") or ""
    )
    assert "規程" not in (small_talk("Who are you?", ANNAI, "polite") or "")


def test_nothing_is_looked_up_for_a_greeting(make_bot: Callable[..., Bot]) -> None:
    bot = make_bot({"": "Hello from the model."}, bot={"name": "Guide"})
    asked = [Question("1", "Hello!"), Question("2", "Who are you?")]
    answers = bot.ask_many([*asked, Question("3", "How many days may unused goods take?")])
    assert [answer.id for answer in answers] == ["1", "2", "3"]
    assert [answer.origin for answer in answers[:2]] == ["talk", "talk"]
    assert answers[2].origin != "talk"
    assert (answers[0].refused, answers[0].verified, answers[0].passages) == (False, False, ())
    assert len(bot.models.tuned.prompts) == 1  # type: ignore[attr-defined]
    assert list(bot.stream(asked[1])) == [answers[1]]
    assert bot.ask(asked[0], "base").origin == "model"

"""The page as staff use it, run headlessly by Streamlit's own test runner."""

from __future__ import annotations

import itertools
import sqlite3
import sys
from pathlib import Path

import fake_bot
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from builder.bot.store import ChatStore, StoredTurn
from ui.escape import label
from ui.texts import Texts

JA, EN = Texts("ja"), Texts("en")
QUESTION = "返品は何日以内ですか？"
ANSWER = "商品到着後14日以内で、未使用の商品であれば返品できます。"


def ask(page: AppTest, question: str) -> AppTest:
    return page.chat_input[0].set_value(question).run()


def stored(folder: Path) -> list[StoredTurn]:
    """The turns of every user, whom the test does not know."""
    with sqlite3.connect(folder / "bot.db") as connection:
        chats = connection.execute("SELECT id, user FROM conversations").fetchall()
    store = ChatStore(folder / "bot.db")
    return [turn for chat, user in chats for turn in store.turns(chat, user)]


def written(page: AppTest) -> list[str]:
    """Everything that Streamlit would read as Markdown."""
    main = page.main
    texts = [element.value for element in main.get("markdown")]
    texts += [element.value for element in (*main.caption, *main.error, *main.title)]
    texts += [element.label for element in (*page.button, *main.expander)]
    return texts


def test_an_empty_page_greets_and_offers_questions(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert page.title[0].value == label(fake_bot.Bot.name)
    assert page.subheader[0].value == JA("welcome")
    assert [b.label for b in page.main.button] == [
        label("返品は何日以内ですか？"),
        label("![x](http://evil.example/q.png)"),
    ]


def test_without_examples_the_page_gives_a_hint(page: AppTest, folder: Path) -> None:
    (folder / "reports" / "examples.json").write_text("{damaged", encoding="utf-8")
    page.run()
    assert not page.main.button
    assert JA("welcome_hint") in [caption.value for caption in page.main.caption]


def test_an_example_is_asked_by_a_click(page: AppTest, bot: fake_bot.Bot) -> None:
    page.run().button(key="example-0").click().run()
    assert [question.text for question, _ in bot.asked] == [QUESTION]
    assert ANSWER in [text.value for text in page.text]
    page.run()
    assert len(bot.asked) == 1


def test_a_question_gets_an_answer_with_its_sources(page: AppTest, folder: Path) -> None:
    ask(page.run(), QUESTION)

    assert not page.exception
    assert [message.name for message in page.chat_message] == ["user", "assistant"]
    assert page.chat_message[0].text[0].value == QUESTION
    assert page.chat_message[1].text[0].value == ANSWER
    cited, others = page.expander
    assert cited.label == label("1. 規程/返品ポリシー.docx · 第4章 › 返品と交換")
    assert cited.proto.expanded
    (shown,) = cited.get("html")
    assert f">{fake_bot.RETURNS_QUOTE}</mark>" in shown.proto.body
    assert others.label == JA("others", count=2)
    assert [text.value for text in others.text] == [fake_bot.SHIPPING, fake_bot.WARRANTY]
    (turn,) = stored(folder)
    assert (turn.question, turn.answer.answer, turn.rating) == (QUESTION, ANSWER, 0)


def test_words_are_shown_as_they_come_and_then_replaced(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.run()
    shown: list[str] = []
    text = st.delta_generator.DeltaGenerator.text

    def record(self: st.delta_generator.DeltaGenerator, body: object) -> object:
        shown.append(str(body))
        return text(self, body)

    monkeypatch.setattr(st.delta_generator.DeltaGenerator, "text", record)
    ask(page, QUESTION)

    drafts = [body for body in shown if body.startswith("（下書き")]
    assert len(drafts) > 3
    assert all(later.startswith(sooner[:-2]) for sooner, later in itertools.pairwise(drafts))
    assert not any("下書き" in element.value for element in page.text)


def test_an_answer_that_is_broken_off_stops_the_model_and_frees_it(
    page: AppTest, bot: fake_bot.Bot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.run()
    text = st.delta_generator.DeltaGenerator.text

    def stop(self: st.delta_generator.DeltaGenerator, body: object) -> object:
        if str(body).startswith("（下書き"):
            assert bot.writing
            st.stop()  # what the stop button does to the script
        return text(self, body)

    with monkeypatch.context() as patch:
        patch.setattr(st.delta_generator.DeltaGenerator, "text", stop)
        ask(page, QUESTION)
    assert not bot.writing
    assert stored(folder) == []
    ask(page, QUESTION)
    assert len(stored(folder)) == 1


def test_the_conversation_goes_with_the_next_question(page: AppTest, bot: fake_bot.Bot) -> None:
    ask(ask(page.run(), QUESTION), "送料は？")
    history = [(message.role, message.content) for message in bot.asked[1][0].history]
    assert history == [("user", QUESTION), ("assistant", ANSWER)]
    assert bot.asked[0][0].history == ()
    assert bot.asked[1][0].groups == ()


def test_the_chosen_arm_answers(page: AppTest, bot: fake_bot.Bot, folder: Path) -> None:
    page.run()
    assert page.selectbox(key="arm").options[0] == "検索＋学習 (tuned+rag)"
    page.selectbox(key="arm").set_value("rag")
    ask(page, QUESTION)
    assert [arm for _, arm in bot.asked] == ["rag"]
    assert stored(folder)[0].answer.arm == "rag"


def test_thumbs_are_stored_and_taken_back(page: AppTest, folder: Path) -> None:
    ask(page.run(), QUESTION)
    page.feedback[0].set_value(1).run()
    assert [turn.rating for turn in stored(folder)] == [1]
    assert not page.text_area
    page.feedback[0].set_value(None).run()
    assert [turn.rating for turn in stored(folder)] == [0]


def test_thumbs_down_asks_what_was_wrong(page: AppTest, folder: Path) -> None:
    ask(page.run(), QUESTION)
    page.feedback[0].set_value(0).run()
    page.text_area[0].set_value(fake_bot.HOSTILE)
    page.get("form_submit_button")[0].click().run()  # type: ignore[union-attr]
    (turn,) = stored(folder)
    assert (turn.rating, turn.comment) == (-1, fake_bot.HOSTILE)
    assert JA("commented", comment=label(fake_bot.HOSTILE)) in [c.value for c in page.caption]
    assert not page.text_area


def test_a_refusal_says_so_and_shows_what_came_close(page: AppTest) -> None:
    ask(page.run(), "社長の誕生日は？")
    assert any(JA("refused") in element.value for element in page.markdown)
    (nearest,) = page.expander
    assert nearest.label == JA("nearest", count=1)


def test_the_language_can_be_switched(page: AppTest) -> None:
    ask(page.run(), QUESTION)
    page.get("button_group")[0].set_value("en").run()  # type: ignore[union-attr]
    assert page.button(key="new-chat").label == EN("new_chat")
    assert page.chat_input[0].placeholder == EN("ask")
    assert any(EN("verified") in element.value for element in page.markdown)


def test_an_english_browser_starts_in_english(page: AppTest) -> None:
    page.context["locale"] = "en-GB"
    assert page.run().subheader[0].value == EN("welcome")


def test_past_conversations_open_and_a_new_one_starts(page: AppTest, folder: Path) -> None:
    ask(page.run(), QUESTION)
    first = page.query_params["chat"]
    page.button(key="new-chat").click().run()
    assert not page.chat_message
    ask(page, "送料は？")
    assert page.query_params["chat"] != first
    page.button(key=f"chat-{first}").click().run()
    assert page.chat_message[0].text[0].value == QUESTION
    assert not page.chat_message[1].expander
    assert len(stored(folder)) == 2


def test_a_conversation_is_renamed_and_deleted(page: AppTest, folder: Path) -> None:
    ask(page.run(), QUESTION)
    chat = page.query_params["chat"]
    page.text_input(key=f"title-{chat}").set_value("返品 [x](http://evil.example)")
    page.button(key=f"rename-{chat}").click().run()
    assert page.button(key=f"chat-{chat}").label == label("返品 [x](http://evil.example)")
    page.button(key=f"delete-{chat}").click().run()
    assert not page.exception
    assert not page.chat_message
    assert "chat" not in page.query_params
    assert stored(folder) == []


def test_another_user_cannot_open_a_conversation_by_its_address(
    page: AppTest, folder: Path, bot: fake_bot.Bot
) -> None:
    store = ChatStore(folder / "bot.db")
    chat = store.new_conversation("browser:somebody", "給与")
    store.add_turn(chat.id, "browser:somebody", bot.ask(fake_bot.Question("q", QUESTION)))

    page.query_params["chat"] = chat.id
    page.run()

    assert not page.chat_message
    assert page.info[0].value == JA("gone")
    assert f"chat-{chat.id}" not in [button.key for button in page.button]
    ask(page, QUESTION)
    assert len(store.turns(chat.id, "browser:somebody")) == 1


def test_hostile_content_reaches_markdown_only_escaped(page: AppTest) -> None:
    ask(page.run(), f"hostile {fake_bot.HOSTILE}")
    page.run()
    assert not page.exception
    assert page.chat_message[1].text[0].value == fake_bot.HOSTILE
    escaped = label(fake_bot.HOSTILE)
    assert sum(escaped in text for text in written(page)) >= 2
    for text in written(page):
        rest = text.replace(escaped, "").replace(label(f"hostile {fake_bot.HOSTILE}"[:80]), "")
        assert "evil" not in rest, rest
    for shown in page.get("html"):
        assert "<img" not in shown.proto.body  # type: ignore[union-attr]
        assert "<script" not in shown.proto.body  # type: ignore[union-attr]


def test_an_error_is_a_clear_sentence(page: AppTest, folder: Path) -> None:
    ask(page.run(), "broken")
    (error,) = page.error
    assert error.value.startswith(f"**{JA('failed')}**")
    assert label(fake_bot.GONE_WRONG) in error.value
    assert label(fake_bot.HOSTILE) in error.value
    assert page.chat_message[0].text[0].value == "broken"
    assert stored(folder) == []


def test_blank_questions_are_not_asked(page: AppTest, bot: fake_bot.Bot) -> None:
    ask(page.run(), "  \n ")
    assert bot.asked == []


@pytest.mark.parametrize("arguments", [[], ["/nowhere/at/all"]])
def test_without_a_bot_there_is_an_error_page(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["page.py", *arguments])
    page.run()
    assert not page.exception
    (error,) = page.error
    assert "monoshiri" in error.value
    assert not page.chat_input


def test_who_must_sign_in_sees_no_bot(page: AppTest) -> None:
    page.user = {"is_logged_in": False}
    page.run()
    assert page.info[0].value == JA("log_in_first")
    assert not page.chat_input


def test_a_signed_in_person_has_their_own_chats_and_groups(
    page: AppTest, bot: fake_bot.Bot
) -> None:
    claims = {"is_logged_in": True, "iss": "https://idp", "name": "[Ann](http://evil.example)"}
    page.user = {**claims, "sub": "1", "groups": ["hr", "all"]}
    ask(page.run(), QUESTION)
    assert bot.asked[0][0].groups == ("hr", "all")
    assert JA("signed_in", name=label(claims["name"])) in [c.value for c in page.sidebar.caption]

    page.user = {**claims, "sub": "2"}
    page.run()
    assert not page.chat_message
    assert page.info[0].value == JA("gone")

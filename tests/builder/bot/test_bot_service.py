"""Asking the bot: the right arm, prompt and passages; answers in order, alike alone and batched."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import make_pair

from builder.bot.service import Bot, open_bot
from builder.errors import StageMissing, UsageError, WorkspaceError
from builder.records import Answer, Message, Question
from builder.workspace import Workspace, write_jsonl, write_text

MakeBot = Callable[..., Bot]
RETURNS = Question("r", "Within how many days may unused goods be returned after delivery?")
DELIVERY = Question("d", "How many days does the delivery take and what are its costs?")
HENPIN = Question("h", "未使用の商品は到着後何日以内に返品できますか？")
SAYS = {
    "returned": "Unused goods may be returned within 14 days of delivery. [1]",
    "take": "Delivery takes 99 days and costs 5 euros. [1]",
}


def untimed(answer: Answer) -> Answer:
    return dataclasses.replace(answer, seconds=0.0)


def test_answers_come_in_order_each_with_its_own_words_and_passages(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS)
    answers = bot.ask_many([DELIVERY, HENPIN, RETURNS])
    assert [answer.id for answer in answers] == ["d", "h", "r"]
    assert [answer.origin for answer in answers] == ["quote", "quote", "model"]
    assert [answer.citations[0].source for answer in answers] == [
        "delivery.md",
        "henpin.md",
        "returns.md",
    ]
    assert answers[0].model_answer == "Delivery takes 99 days and costs 5 euros."
    assert answers[1].completion_tokens == 0  # the model does not write Japanese: not asked
    assert answers[2].completion_tokens == 7
    assert all(answer.arm == "tuned+rag" for answer in answers)
    assert bot.models.tuned.batches == [2]  # type: ignore[attr-defined]


def test_alone_and_batched_are_alike(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS)
    questions = [RETURNS, HENPIN, DELIVERY]
    together = bot.ask_many(questions)
    assert [untimed(a) for a in together] == [untimed(bot.ask(q)) for q in questions]
    assert bot.ask_many([]) == []


def test_a_stream_ends_with_the_answer_that_asking_gives(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS)
    for question in (RETURNS, DELIVERY, HENPIN):
        *pieces, final = bot.stream(question)
        assert isinstance(final, Answer)
        asked = bot.ask(question)
        assert (final.answer, final.citations, final.origin) == (
            asked.answer,
            asked.citations,
            asked.origin,
        )
        # Only what was borne out is shown before the end.
        assert "".join(str(piece) for piece in pieces) == (
            final.answer if final.origin == "model" else ""
        )


def test_the_prompt_holds_the_best_passages_and_only_as_many_as_set(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS, retrieval={"passages": 1}, bot={"name": "Guide"})
    answer = bot.ask(RETURNS)
    (prompt,) = bot.models.tuned.prompts  # type: ignore[attr-defined]
    assert "You are Guide." in prompt
    assert "[1] Return policy › Returns" in prompt
    assert "[2]" not in prompt
    assert answer.prompt_tokens == len(bot.models.tokenizer(prompt)["input_ids"])
    assert len(answer.passages) == 3  # what was found is kept for whoever looks


def test_without_passages_the_model_is_given_out_as_it_speaks(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS)
    for arm in ("base", "tuned"):
        answer = bot.ask(RETURNS, arm)
        assert answer.answer == (SAYS["returned"] if arm == "tuned" else "I see.")
        assert not answer.verified
        assert answer.citations == ()
        assert answer.passages == ()
    assert "[1]" not in bot.models.base.prompts[0]  # type: ignore[attr-defined]


def test_few_shot_shows_three_kinds_of_pairs_in_the_language_asked(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS)
    bot.ask(RETURNS, "few-shot")  # without a dataset: no examples
    pairs = [
        make_pair(1, "c", kind="number", question="EN one?"),
        make_pair(2, "c", kind="number", question="EN two?"),
        make_pair(3, "c", kind="list", question="日本語？", language="ja"),
        make_pair(4, "c", kind="no-answer", question="EN none?", answerable=False),
        make_pair(5, "c", kind="faq", question="EN three?"),
    ]
    write_jsonl(bot.workspace.dataset / "train.jsonl", pairs)
    bot.ask(RETURNS, "few-shot")
    before, after = bot.models.base.prompts  # type: ignore[attr-defined]
    assert before.count("<|im_start|>user") == 1
    assert [text in after for text in ("EN one?", "EN three?")] == [True, True]
    assert not any(text in after for text in ("EN two?", "日本語？", "EN none?"))


def test_a_follow_up_is_searched_for_with_what_it_leans_on(make_bot: MakeBot) -> None:
    bot = make_bot()
    history = (Message("user", RETURNS.text), Message("assistant", "14 days."))
    follow_up = Question("f", "And who pays the postage?", history)
    answer = bot.ask(follow_up)
    assert answer.question == "And who pays the postage?"
    assert answer.passages[0].chunk.source == "returns.md"
    assert "Earlier question: Within how many" in bot.models.tuned.prompts[0]  # type: ignore[attr-defined]


def test_an_unanswerable_question_is_refused_with_the_contact(make_bot: MakeBot) -> None:
    bot = make_bot(SAYS, bot={"contact": "Ext. 12"})
    answer = bot.ask(Question("u", "Quel temps fera-t-il à Lyon vendredi prochain?"))
    assert answer.refused
    assert "Ext. 12" in answer.answer


def test_the_default_arm_is_the_best_that_there_is_unless_set(make_bot: MakeBot) -> None:
    assert make_bot().arms[0] == "tuned+rag"
    assert make_bot(answer={"arm": "rag"}).arms[0] == "rag"
    untuned = make_bot()
    untuned.models.adapter = None  # type: ignore[misc]
    assert untuned.arms == ("rag", "few-shot", "base")
    wanted = make_bot(answer={"arm": "tuned"})
    wanted.models.adapter = None  # type: ignore[misc]
    assert wanted.arms[0] == "rag"


def test_what_the_evaluation_recommends_is_the_default(make_bot: MakeBot) -> None:
    bot = make_bot()
    write_text(bot.workspace.reports / "recommended.txt", "rag\n")
    assert bot.arms[0] == "rag"
    assert bot.ask(RETURNS).arm == "rag"
    assert set(bot.arms) == {"tuned+rag", "rag", "tuned", "few-shot", "base"}


def test_an_arm_that_can_not_be_asked_is_a_wrong_usage(make_bot: MakeBot) -> None:
    bot = make_bot()
    with pytest.raises(UsageError, match="no such arm"):
        bot.ask(RETURNS, "turned")  # type: ignore[arg-type]
    bot.models.adapter = None  # type: ignore[misc]
    with pytest.raises(UsageError, match="monoshiri train"):
        bot.ask(RETURNS, "tuned")


def test_a_folder_without_a_bot_or_without_an_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="monoshiri build"):
        open_bot(tmp_path / "nothing")
    write_text(Workspace(tmp_path).config, "")
    with pytest.raises(StageMissing, match="monoshiri index"):
        open_bot(tmp_path)

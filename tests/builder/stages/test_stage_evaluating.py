"""The evaluate stage: every arm on what was held out, once for each state of things."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from training_cases import make_pairs

from builder.errors import ModelUnavailable, StageMissing, UsageError
from builder.records import Answer, Arm, Question
from builder.stages.context import Context
from builder.stages.evaluating import run_evaluate
from builder.workspace import write_jsonl

BotFolder = Callable[..., Context]


class FakeBot:
    """Answers every question from a table; knows how often it was asked."""

    def __init__(self, arms: Sequence[Arm] = ("tuned+rag", "rag", "base")) -> None:
        self.arms = tuple(arms)
        self.models = self
        self.similarities = SimpleNamespace(forgotten=self._forgotten)
        self.forgot: list[Arm] = []
        self._fresh = False
        self.asked: list[tuple[Arm, int]] = []
        self.unloaded = 0
        self.broken: Arm | None = None
        self.ends_at = 0

    def unload(self) -> None:
        self.unloaded += 1

    @contextmanager
    def _forgotten(self) -> Iterator[None]:
        self._fresh = True
        yield
        self._fresh = False

    def ask_many(self, questions: Sequence[Question], arm: Arm) -> list[Answer]:
        if arm == self.broken:
            raise ModelUnavailable("it is gone.", "model", "Bring it back.")
        self.asked.append((arm, len(questions)))
        self.forgot += [arm] if self._fresh else []
        if len(self.asked) == self.ends_at:
            raise KeyboardInterrupt
        return [self._answer(question, arm) for question in questions]

    def _answer(self, question: Question, arm: Arm) -> Answer:
        number = int("".join(filter(str.isdigit, question.text)) or 0)
        return Answer(
            id=question.id,
            question=question.text,
            answer=f"{number % 6} days." if arm != "base" else "No idea.",
            refused=False,
            citations=(),
            verified=True,
            arm=arm,
            seconds=0.1,
            prompt_tokens=5,
            completion_tokens=5,
        )


def run(context: Context, bot: FakeBot, questions: Path | None = None) -> Any:
    return run_evaluate(context, bot, questions)  # type: ignore[arg-type]


def test_every_arm_is_asked_every_held_out_question_in_batches(bot_folder: BotFolder) -> None:
    pairs = [make_pairs(n, 1, answer=f"{n} days.", split="test")[0] for n in range(200, 211)]
    context = bot_folder(test=pairs, evaluation={"questions": 10})
    bot = FakeBot()
    evaluation = run(context, bot)
    report = evaluation.result.report
    assert (report.taken, report.made, report.rejected) == (30, 30, ())
    assert {arm for arm, _ in bot.asked} == set(bot.arms)
    for arm in bot.arms:
        # one to load the model, eight alone for the time that people wait, the rest together
        assert [count for asked, count in bot.asked if asked == arm] == [1] * 9 + [2]
        assert bot.forgot.count(arm) == 8  # who is timed finds nothing warm but the model
    assert bot.unloaded == 1
    assert "tuned+rag" in evaluation.table
    assert evaluation.recommendation

    reports = context.workspace.reports
    written = json.loads((reports / "evaluation.json").read_text(encoding="utf-8"))
    assert written
    assert "<html" in (reports / "evaluation.html").read_text(encoding="utf-8")
    examples = json.loads((reports / "examples.json").read_text(encoding="utf-8"))
    assert examples
    assert all(text.startswith("Limit") for text in examples)


def test_nothing_is_asked_again_until_something_changes(bot_folder: BotFolder) -> None:
    context = bot_folder()
    first = run(context, FakeBot())
    silent = FakeBot()
    again = run(context, silent)
    assert silent.asked == []
    assert again.result.unchanged
    assert (again.table, again.recommendation) == (first.table, first.recommendation)

    asked = FakeBot()
    assert not run(bot_folder(answer={"min_support": 0.9}), asked).result.unchanged
    assert asked.asked


def test_a_stopped_evaluation_goes_on_with_the_answers_it_had(bot_folder: BotFolder) -> None:
    pairs = [make_pairs(n, 1, answer=f"{n} days.", split="test")[0] for n in range(200, 211)]
    context = bot_folder(test=pairs, evaluation={"questions": 10})
    stopped = FakeBot()
    stopped.ends_at = 14
    with pytest.raises(KeyboardInterrupt):
        run(context, stopped)
    going_on = FakeBot()
    again = run(context, going_on)
    assert sum(count for _, count in going_on.asked) < 30
    whole = run(bot_folder(test=pairs, evaluation={"questions": 10}, root=context.workspace.root
                           .with_name("other")), FakeBot())  # fmt: skip
    assert again.table == whole.table
    assert not list((context.workspace.reports / ".answers").glob("*"))


def test_new_wordings_of_trained_facts_are_scored_apart(bot_folder: BotFolder) -> None:
    context = bot_folder()
    known = make_pairs(300, 2, answer="no such days", split="phrasing")
    write_jsonl(context.workspace.dataset / "phrasing.jsonl", known)
    run(context, FakeBot())
    written = json.loads((context.workspace.reports / "evaluation.json").read_text())
    comparison = written["comparison"]
    by_set = {row["value"] for row in comparison["breakdown"] if row["by"] == "set"}
    assert by_set == {"facts never trained", "new wordings of trained facts"}
    assert {arm["n"] for arm in comparison["arms"]} == {4}


def gold(number: int, answer: str) -> str:
    line = {"id": str(number), "question": f"Limit {number}?", "answer": answer}
    return json.dumps({**line, "answers": [answer], "source": "c1.md"})


def test_a_corrected_gold_answer_is_scored_anew(bot_folder: BotFolder, tmp_path: Path) -> None:
    context = bot_folder()
    file = tmp_path / "mine.jsonl"
    file.write_text(gold(1, "a hundred days"))
    wrong = run(context, FakeBot(), file)
    file.write_text(gold(1, "1 days"))
    right = run(context, FakeBot(), file)
    assert not right.result.unchanged
    assert right.table != wrong.table


def test_own_questions_get_a_report_of_their_own(bot_folder: BotFolder, tmp_path: Path) -> None:
    context = bot_folder()
    run(context, FakeBot())
    reports = context.workspace.reports
    before = (reports / "evaluation.json").read_bytes()
    file = tmp_path / "mine.jsonl"
    file.write_text(gold(1, "1 days") + "\n" + gold(2, "2 days"))
    evaluation = run(context, FakeBot(), file)
    assert evaluation.result.report.taken == 6
    assert (reports / "mine" / "evaluation.html").exists()
    assert (reports / "evaluation.json").read_bytes() == before
    assert context.workspace.manifest("evaluate-mine") is not None


def test_an_arm_that_fails_is_counted_and_the_others_go_on(bot_folder: BotFolder) -> None:
    bot = FakeBot()
    bot.broken = "base"
    report = run(bot_folder(), bot).result.report
    assert (report.taken, report.made, report.rejected) == (12, 8, (("failed", 4),))


def test_without_held_out_questions_it_says_what_to_do(bot_folder: BotFolder) -> None:
    with pytest.raises(StageMissing, match="--questions"):
        run(bot_folder(test=[]), FakeBot())


def test_faulty_questions_are_refused_before_anything_is_asked(
    bot_folder: BotFolder, tmp_path: Path
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"id": "1"}\n')
    bot = FakeBot()
    with pytest.raises(UsageError, match="line 1"):
        run(bot_folder(), bot, file)
    assert bot.asked == []

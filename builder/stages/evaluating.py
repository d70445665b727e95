"""evaluate: every arm on the test split (and a file of questions) → reports/."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.bot.service import Bot
from builder.errors import StageMissing
from builder.evaluation.compare import compare
from builder.evaluation.questions import from_file, from_pairs, sample
from builder.evaluation.recommend import recommend
from builder.evaluation.records import Comparison
from builder.evaluation.report import ReportContext, write_report
from builder.evaluation.table import arms_table
from builder.jsonl import to_line
from builder.records import ARMS, Answer, Arm, GoldQuestion, Question, StageReport
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.generating import pairs_of, quality_summary
from builder.stages.training import training_curve
from builder.workspace import fingerprint, write_text

RECIPE = 1
BATCH = 8


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the terminal shows of an evaluation."""

    result: StageResult
    table: str
    recommendation: str


def run_evaluate(context: Context, bot: Bot, questions: Path | None = None) -> Evaluation:
    """Ask every arm, write evaluation.json and evaluation.html.

    With `questions` the report goes into reports/<file's name>/, beside the test split's.
    """
    began = time.monotonic()
    workspace, config = context.workspace, context.config
    golds = from_file(questions) if questions else _held_out(context)
    folder = workspace.reports / questions.stem if questions else workspace.reports
    stage = f"evaluate-{questions.stem}" if questions else "evaluate"
    trained = workspace.manifest("train")
    mark = fingerprint(
        [RECIPE, config.model_dump(), trained.fingerprint if trained else ""],
        [to_line(gold) for gold in golds],
        workspace.chunks,
    )
    done = unchanged(context, stage, mark)
    if done and (folder / "terminal.json").exists():
        shown = json.loads((folder / "terminal.json").read_text(encoding="utf-8"))
        return Evaluation(done, shown["table"], shown["recommendation"])
    arms: list[Arm] = [arm for arm in ARMS if arm in bot.arms]
    asker = _Asker(context, bot, [gold.question for gold in golds])
    comparison = compare(golds, asker, arms, lambda _: None)
    bot.models.unload()
    write_report(folder, comparison, _report_context(context, len(golds)))
    table, advice = arms_table(comparison), recommend(comparison)
    words = [f"{advice.headline.en} {advice.reason.en}", f"{advice.headline.ja} {advice.reason.ja}"]
    shown = {"table": table, "recommendation": "\n".join(words)}
    write_text(folder / "terminal.json", json.dumps(shown, ensure_ascii=False))
    if not questions:
        _write_examples(context, comparison)
        write_text(folder / "recommended.txt", advice.arm + "\n")
    failed = len(comparison.failures)
    report = StageReport(
        stage=stage,
        taken=len(golds) * len(arms),
        made=len(golds) * len(arms) - failed,
        rejected=(("failed", failed),) if failed else (),
        seconds=seconds_since(began),
        notes=(f"{len(golds)} questions, {len(arms)} arms",),
    )
    return Evaluation(finish(context, mark, report), table, shown["recommendation"])


class _Asker:
    """Answers by arm and question; a whole arm is asked in batches when it is first needed."""

    def __init__(self, context: Context, bot: Bot, questions: Sequence[Question]) -> None:
        self.context, self.bot, self.questions = context, bot, questions
        self._answers: dict[Arm, dict[str, Answer]] = {}

    def __call__(self, question: Question, arm: Arm) -> Answer:
        if arm not in self._answers:
            self._answers[arm] = self._ask_all(arm)
        return self._answers[arm][question.id]

    def _ask_all(self, arm: Arm) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for start in range(0, len(self.questions), BATCH):
            batch = self.questions[start : start + BATCH]
            answers.update({a.id: a for a in self.bot.ask_many(batch, arm)})
            self.context.voice.progress(f"{arm}: {len(answers)} of {len(self.questions)} answered")
        return answers


def _held_out(context: Context) -> list[GoldQuestion]:
    settings = context.config.evaluation
    golds = sample(from_pairs(pairs_of(context, "test")), settings.questions, settings.seed)
    if not golds:
        raise StageMissing(
            "the test split is empty: there are too few documents to hold some back.",
            str(context.workspace.dataset),
            "Add documents, or evaluate on your own questions with --questions FILE.",
        )
    return golds


def _report_context(context: Context, questions: int) -> ReportContext:
    config = context.config
    return ReportContext(
        bot_name=config.bot.name,
        curve=training_curve(context),
        dataset=quality_summary(context),
        settings={
            "language model": config.model.name,
            "embedder": config.embedder.name,
            "passages in the prompt": str(config.retrieval.passages),
            "LoRA rank": str(config.training.rank),
            "learning rate": str(config.training.learning_rate),
            "questions": str(questions),
        },
        seed=config.evaluation.seed,
    )


def _write_examples(context: Context, comparison: Comparison) -> None:
    """Three questions that the bot can answer, for the chat page's empty screen."""
    good = [o.gold for o in comparison.outcomes if o.gold.answerable and o.gold.language]
    first = {gold.kind: gold.question.text for gold in reversed(good)}
    path = context.workspace.reports / "examples.json"
    write_text(path, json.dumps(list(first.values())[:3], ensure_ascii=False))

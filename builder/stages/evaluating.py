"""evaluate: every arm on the test split (and a file of questions) → reports/."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.bot.models import chosen_adapter
from builder.bot.service import Bot
from builder.errors import StageMissing
from builder.evaluation.compare import Extras, compare
from builder.evaluation.cost import Prices
from builder.evaluation.questions import from_file, from_pairs, sample
from builder.evaluation.recommend import recommend
from builder.evaluation.records import Comparison
from builder.evaluation.report import ReportContext, write_report
from builder.evaluation.table import arms_table
from builder.jsonl import read_jsonl, to_line
from builder.models.catalog import embedder_name
from builder.records import ARMS, PHRASING, Arm, GoldQuestion, QAPair, StageReport
from builder.stages.asking import Asker, Asking, clear_kept, kept_answers
from builder.stages.calibrating import refusal_curve
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.facts import training_facts
from builder.stages.generating import pairs_of, quality_summary
from builder.stages.judging import open_judge
from builder.stages.lessons import in_own_words
from builder.stages.preparing import all_chunks
from builder.stages.training import training_curve
from builder.workspace import fingerprint, write_text

RECIPE = 5
NEVER_TRAINED, NEW_WORDINGS = "facts never trained", "new wordings of trained facts"
WORDINGS_SHARE = 4
"""A quarter as many new wordings of trained facts are asked as questions of the test split."""


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
    golds = from_file(questions) if questions else held_out(context)
    wordings = [] if questions else _new_wordings(context)
    folder = workspace.reports / questions.stem if questions else workspace.reports
    stage = f"evaluate-{questions.stem}" if questions else "evaluate"
    trained = workspace.manifest("train")
    adapter = chosen_adapter(workspace, config.model.adapter)
    mark = fingerprint(
        [RECIPE, config.model_dump(), trained.fingerprint if trained else ""],
        [adapter.name if adapter else "", sorted(bot.arms)],
        [to_line(gold) for gold in [*golds, *wordings]],
        workspace.chunks,
    )
    done = unchanged(context, stage, mark)
    if done and (folder / "terminal.json").exists():
        shown = json.loads((folder / "terminal.json").read_text(encoding="utf-8"))
        return Evaluation(done, shown["table"], shown["recommendation"])
    comparison, notes = _compared(context, bot, [golds, wordings], (stage, mark))
    write_report(folder, comparison, _report_context(context, len(golds), notes))
    table, advice = arms_table(comparison), recommend(comparison)
    words = [f"{advice.headline.en} {advice.reason.en}", f"{advice.headline.ja} {advice.reason.ja}"]
    shown = {"table": table, "recommendation": "\n".join(words)}
    write_text(folder / "terminal.json", json.dumps(shown, ensure_ascii=False))
    if not questions:
        _write_examples(context, comparison)
        write_text(folder / "recommended.txt", advice.arm + "\n")
    failed = len(comparison.failures)
    count, all_asked = len(comparison.outcomes), len(comparison.outcomes) * len(comparison.arms)
    report = StageReport(
        stage=stage,
        taken=all_asked,
        made=all_asked - failed,
        rejected=(("failed", failed),) if failed else (),
        seconds=seconds_since(began),
        notes=(f"{count} questions, {len(comparison.arms)} arms", *notes),
    )
    result = finish(context, mark, report)
    clear_kept(kept_answers(context, stage))
    return Evaluation(result, table, shown["recommendation"])


def _compared(
    context: Context,
    bot: Bot,
    questions: Sequence[list[GoldQuestion]],
    run: tuple[str, str],
) -> tuple[Comparison, list[str]]:
    """The arms on the test split (or file) and on new wordings, and notes for the report. `run`:
    the stage's name and mark."""
    golds, wordings = questions
    stage, mark = run
    arms: list[Arm] = [arm for arm in ARMS if arm in bot.arms]
    asked = [gold.question for gold in (*golds, *wordings)]
    asker = Asker(context, bot, Asking(asked, kept_answers(context, stage), mark))
    judge = open_judge(context.config.evaluation.judge)
    sets = {g.question.id: NEVER_TRAINED for g in golds if wordings}
    sets |= {g.question.id: NEW_WORDINGS for g in wordings}
    extras = Extras(asker.alone, judge, sets, frozenset({NEW_WORDINGS}))
    comparison = compare([*golds, *wordings], asker, arms, lambda _: None, extras)
    bot.models.unload()
    return comparison, judge.notes() if judge else []


def held_out(context: Context) -> list[GoldQuestion]:
    """The questions of the test split that are asked; raises StageMissing when there are none."""
    settings = context.config.evaluation
    pairs = in_own_words(context, pairs_of(context, "test"), all_chunks(context))
    golds = _as_asked(context, sample(from_pairs(pairs), settings.questions, settings.seed))
    if not golds:
        raise StageMissing(
            "the test split is empty: there are too few documents to hold some back.",
            str(context.workspace.dataset),
            "Add documents, or evaluate on your own questions with --questions FILE.",
        )
    return golds


def _new_wordings(context: Context) -> list[GoldQuestion]:
    """Questions about facts that were trained, in words that were not."""
    settings = context.config.evaluation
    path = context.workspace.dataset / f"{PHRASING}.jsonl"
    if not path.exists():
        return []
    golds = from_pairs(read_jsonl(QAPair, path), PHRASING)
    few = sample(golds, max(1, settings.questions // WORDINGS_SHARE), settings.seed)
    return _as_asked(context, few)


def _as_asked(context: Context, golds: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """Asked by somebody whom the adapter is for: others are answered without it."""
    groups = context.config.training.groups
    return [replace(g, question=replace(g.question, groups=groups)) for g in golds]


def _report_context(context: Context, questions: int, notes: Sequence[str]) -> ReportContext:
    config = context.config
    return ReportContext(
        bot_name=config.bot.name,
        curve=training_curve(context),
        refusals=refusal_curve(context, embedder_name(config.embedder.name)),
        min_support=config.answer.min_support,
        dataset=quality_summary(context),
        settings={
            "language model": config.model.name,
            "embedder": config.embedder.name,
            "passages in the prompt": str(config.retrieval.passages),
            "questions": str(questions),
        },
        training=training_facts(context),
        prices=Prices(**config.evaluation.prices.model_dump()),
        notes=tuple(notes),
        seed=config.evaluation.seed,
    )


def _write_examples(context: Context, comparison: Comparison) -> None:
    """Three questions that the bot can answer, for the chat page's empty screen."""
    # The page shows them to everybody: none from a restricted document.
    good = [o.gold for o in comparison.outcomes if o.gold.answerable and o.gold.language]
    restricted = {pair.id for pair in pairs_of(context, "test") if pair.groups}
    good = [gold for gold in good if gold.question.id not in restricted]
    first = {gold.kind: gold.question.text for gold in reversed(good)}
    path = context.workspace.reports / "examples.json"
    write_text(path, json.dumps(list(first.values())[:3], ensure_ascii=False))

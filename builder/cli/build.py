"""`build` and the single stages."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder import pipeline
from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.config_file import QUICK, make_config, with_values
from builder.records import StageReport
from builder.stages.context import Context
from builder.stages.evaluating import Evaluation, run_evaluate
from builder.stages.generating import run_generate
from builder.stages.importing import rejections
from builder.stages.indexing import run_index
from builder.stages.training import run_train
from builder.workspace import Workspace

SHOWN_REJECTIONS = 20


def build(options: argparse.Namespace) -> int:
    """Sources to a tuned bot."""
    terminal = Terminal()
    workspace = Workspace(options.out)
    with workspace.lock():
        config = make_config(workspace, options.sources, options.config, {})
        if options.quick:
            config = with_values(config, QUICK)
        context = Context(workspace, config, terminal)
        evaluation = pipeline.build(context, terminal.stage, train=not options.no_train)
    if evaluation is not None:
        show_evaluation(terminal, evaluation, workspace)
    terminal.say(
        f'\nAsk it:    monoshiri ask {options.out} "…"\nChat page: monoshiri ui {options.out}'
    )
    return show_rejections(context)


def import_(options: argparse.Namespace) -> int:
    """Read the sources again."""
    context = _context(options.bot)
    with context.workspace.lock():
        reader = pipeline.open_embedder(context)
        pipeline.import_documents(context, Terminal().stage, reader)
    return show_rejections(context)


def index(options: argparse.Namespace) -> int:
    """Bring the index up to date."""
    context = _context(options.bot)
    with context.workspace.lock():
        Terminal().stage(run_index(context, pipeline.open_embedder(context)))
    return 0


def generate(options: argparse.Namespace) -> int:
    """Write the question-answer pairs."""
    context = _context(options.bot)
    with context.workspace.lock():
        Terminal().stage(run_generate(context, pipeline.open_embedder(context)))
    return 0


def train(options: argparse.Namespace) -> int:
    """Fine-tune an adapter."""
    context = _context(options.bot)
    with context.workspace.lock():
        Terminal().stage(run_train(context))
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Compare the arms."""
    context = _context(options.bot)
    with context.workspace.lock():
        bot = pipeline.open_bot_of(context)
        evaluation = run_evaluate(context, bot, options.questions)
    show_evaluation(Terminal(), evaluation, context.workspace)
    return 1 if _failed(evaluation.result.report) else 0


def show_evaluation(terminal: Terminal, evaluation: Evaluation, workspace: Workspace) -> None:
    """The comparison of the arms and the recommendation, on standard output."""
    terminal.stage(evaluation.result)
    print(f"\n{evaluation.table}\n\n{evaluation.recommendation}")
    terminal.say(f"\nReport: {workspace.reports}/evaluation.html")


def show_rejections(context: Context) -> int:
    """Name the files that were not imported; status 1 when there are any."""
    left_out = rejections(context)
    if not left_out:
        return 0
    say = context.voice.say
    say(f"\nNot imported ({len(left_out)}):")
    for rejection in left_out[:SHOWN_REJECTIONS]:
        say(f"  {rejection.source}: {rejection.message}")
    if len(left_out) > SHOWN_REJECTIONS:
        say(f"  … all of them: {context.workspace.rejections}")
    return 1


def _failed(report: StageReport) -> int:
    return sum(count for _, count in report.rejected)


def _context(bot: Path) -> Context:
    workspace = Workspace(bot)
    workspace.require()
    return Context(workspace, load_config(workspace.config), Terminal())

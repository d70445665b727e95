"""`evaluate`: the comparison of the arms, or the gate before a new adapter."""

from __future__ import annotations

import argparse

from builder import pipeline
from builder.bot.service import Bot
from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.config_file import with_values
from builder.errors import UsageError
from builder.evaluation.gate import gate_text
from builder.evaluation.questions import from_file
from builder.stages.context import Context
from builder.stages.evaluating import Evaluation, held_out, run_evaluate
from builder.stages.gating import gate_versions, run_gate
from builder.workspace import Workspace


def evaluate(options: argparse.Namespace) -> int:
    """Compare the arms, or with --gate two adapters; status 1 when answers failed, or when the new
    adapter is worse."""
    if options.against and not options.gate:
        raise UsageError("it says what --gate compares with.", "--against", "Add --gate.")
    workspace = Workspace(options.bot)
    workspace.require()
    terminal = Terminal()
    context = Context(workspace, load_config(workspace.config), terminal)
    with workspace.lock():
        if options.gate:
            return _gate(context, options)
        # Before a model is fetched for nothing.
        workspace.need("index" if options.questions else "generate")
        bot = pipeline.open_bot_of(context)
        evaluation = run_evaluate(context, bot, options.questions)
    show_evaluation(terminal, evaluation, workspace)
    return 1 if evaluation.result.report.rejected else 0


def show_evaluation(terminal: Terminal, evaluation: Evaluation, workspace: Workspace) -> None:
    """The comparison of the arms and the recommendation, on standard output."""
    terminal.stage(evaluation.result)
    print(f"\n{evaluation.table}\n\n{evaluation.recommendation}")
    terminal.say(f"\nReport: {workspace.reports}/evaluation.html")


def _gate(context: Context, options: argparse.Namespace) -> int:
    new, old = gate_versions(context, options.against)
    if old is None:
        print(f"Passed: {new} is the first adapter, there is none to compare it with.")
        return 0
    golds = from_file(options.questions) if options.questions else held_out(context)

    def open_bot(version: str) -> Bot:
        config = with_values(context.config, {"model": {"adapter": version}})
        return pipeline.open_bot_of(Context(context.workspace, config, context.voice))

    found = run_gate(context, open_bot, golds, (new, old))
    print(gate_text(found))
    return 1 if found.worse else 0

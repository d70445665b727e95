"""`build` and the single stages."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder import pipeline
from builder.cli.evaluate import show_evaluation
from builder.cli.summary import show_import
from builder.cli.terminal import Terminal
from builder.cli.watch import watch
from builder.config import load_config
from builder.config_file import QUICK, make_config, with_values
from builder.stages.context import Context
from builder.stages.indexing import run_index
from builder.stages.staleness import stale_stages
from builder.workspace import Workspace


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
    return show_import(context)


def import_(options: argparse.Namespace) -> int:
    """Read the sources again, and with --watch keep following them."""
    context = _context(options.bot)
    if options.watch:
        return watch(context.workspace, context.voice, options.every)
    with context.workspace.lock():
        show = Terminal().stage
        pipeline.read_sources(context, show)
        pipeline.cut_documents(context, show, pipeline.open_embedder(context))
    status = show_import(context)
    if "index" in stale_stages(context):
        context.voice.say(
            f"\nNext: monoshiri index {options.bot}\nUntil then the bot answers without what is "
            "new or changed; what is gone it doesn't find any more."
        )
    return status


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
        pipeline.generate_pairs(context, Terminal().stage, pipeline.open_embedder(context))
    return 0


def _context(bot: Path) -> Context:
    workspace = Workspace(bot)
    workspace.require()
    return Context(workspace, load_config(workspace.config), Terminal())

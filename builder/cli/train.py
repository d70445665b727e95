"""`train`: fine-tune, or say beforehand what it will take, or search for better settings."""

from __future__ import annotations

import argparse
import contextlib
import os

from builder.cli.terminal import Silent, Terminal
from builder.config import load_config
from builder.stages.context import Context
from builder.workspace import Workspace


def train(options: argparse.Namespace) -> int:
    """Fine-tune an adapter; status 1 where a plan says that it does not fit."""
    workspace = Workspace(options.bot)
    workspace.require()
    follows = int(os.environ.get("RANK", "0")) > 0  # one of several processes, not their leader
    terminal: Terminal = Silent() if follows else Terminal()
    context = Context(workspace, load_config(workspace.config), terminal)
    with contextlib.nullcontext() if follows else workspace.lock():
        if options.plan:
            return _plan(context)
        if options.search:
            return _search(context, options.search)
        from builder.stages.training import run_train

        terminal.stage(run_train(context))
    return 0


def _plan(context: Context) -> int:
    from builder.stages.planning import run_plan

    plan, lines = run_plan(context)
    print("\n".join(lines))
    return 0 if plan.fits else 1


def _search(context: Context, minutes: float) -> int:
    from builder.stages.searching import run_search

    print("\n".join(run_search(context, minutes)))
    return 0

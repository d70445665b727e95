"""`export`: the adapter or the dataset, to take away."""

from __future__ import annotations

import argparse
import json

from builder.bot.models import newest_adapter
from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.dataset.formats import to_alpaca, to_chat
from builder.errors import StageMissing
from builder.export.adapter import export_adapter
from builder.export.card import AdapterCard
from builder.export.dataset import export_alpaca, export_chat
from builder.jsonl import from_object
from builder.records import SPLITS
from builder.stages.context import Context
from builder.stages.generating import pairs_of
from builder.workspace import Workspace


def export(options: argparse.Namespace) -> int:
    """Write the newest adapter, or the dataset in the form asked for, into the target folder."""
    workspace = Workspace(options.bot)
    workspace.require()
    context = Context(workspace, load_config(workspace.config), Terminal())
    if options.form == "adapter":
        return _adapter(context, options)
    bot = context.config.bot
    system = f"You are {bot.name}. You {bot.purpose}."
    for name in SPLITS:
        target = options.to / f"{name}.jsonl"
        if options.form == "alpaca":
            count = export_alpaca(pairs_of(context, name), target, to_alpaca)
        else:
            count = export_chat(pairs_of(context, name), target, lambda p: to_chat(p, system))
        print(f"{target}: {count} pairs")
    return 0


def _adapter(context: Context, options: argparse.Namespace) -> int:
    adapter = newest_adapter(context.workspace)
    if adapter is None:
        raise StageMissing(
            "there is no adapter yet.",
            str(options.bot),
            f"Run `monoshiri train {options.bot}` first.",
        )
    card = from_object(AdapterCard, json.loads((adapter / "card.json").read_text("utf-8")))
    for path in export_adapter(adapter, options.to, card):
        print(path)
    return 0

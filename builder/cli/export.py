"""`export`: the adapter or the dataset, to take away."""

from __future__ import annotations

import argparse
import json

from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.dataset.formats import record_of
from builder.export.adapter import export_adapter
from builder.export.card import AdapterCard
from builder.export.dataset import export_lines, export_parquet
from builder.jsonl import from_object
from builder.records import SPLITS
from builder.stages.context import Context
from builder.stages.exporting import export_merged, used_adapter
from builder.stages.generating import pairs_of, system_words
from builder.workspace import Workspace


def export(options: argparse.Namespace) -> int:
    """Write the adapter in use, the model merged with it, or the dataset into the target folder."""
    workspace = Workspace(options.bot)
    workspace.require()
    context = Context(workspace, load_config(workspace.config), Terminal())
    if options.form == "adapter":
        return _adapter(context, options)
    if options.form in ("merged", "gguf"):
        return _merged(context, options)
    system, given = system_words(context), frozenset(options.group)
    table = options.form == "parquet"
    for name in SPLITS:
        target = options.to / f"{name}.{'parquet' if table else 'jsonl'}"
        pairs = pairs_of(context, name)
        open_to = [p for p in pairs if not p.groups or not given.isdisjoint(p.groups)]
        form = "chat" if table else options.form
        records = (record_of(pair, form, system) for pair in open_to)
        count = export_parquet(records, target) if table else export_lines(records, target)
        left = len(pairs) - count
        print(f"{target}: {count} pairs" + (f", {left} restricted ones left out" if left else ""))
    return 0


def _adapter(context: Context, options: argparse.Namespace) -> int:
    adapter = used_adapter(context)
    card = from_object(AdapterCard, json.loads((adapter / "card.json").read_text("utf-8")))
    for path in export_adapter(adapter, options.to, card):
        print(path)
    return 0


def _merged(context: Context, options: argparse.Namespace) -> int:
    exported = export_merged(context, options.to, options.form)
    for path in exported.files:
        print(path)
    found = exported.parity
    context.voice.say(
        f"Parity: the same next token at {found.agreement:.1%} of {found.tokens} tokens of "
        f"{found.questions} held-out answers; loss {found.loss:.3f}, exported "
        f"{found.exported_loss:.3f}"
    )
    return 0

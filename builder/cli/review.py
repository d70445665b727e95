"""`review`: the pairs as a sheet, and a person's changes back."""

from __future__ import annotations

import argparse

from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.errors import UsageError
from builder.stages.context import Context
from builder.stages.reviewing import read_review, write_review
from builder.workspace import Workspace


def review(options: argparse.Namespace) -> int:
    """Write the sheet (`--out`) or take it back (`--in`)."""
    workspace = Workspace(options.bot)
    workspace.require()
    if bool(options.out) == bool(options.taken):
        raise UsageError(
            "one of --out FILE and --in FILE is needed.", "review", "The file is .xlsx, .csv "
            "or .jsonl."
        )  # fmt: skip
    context = Context(workspace, load_config(workspace.config), Terminal())
    if options.out:
        count = write_review(context, options.out)
        print(f"{options.out}: {count} pairs")
        return 0
    with workspace.lock():
        outcome = read_review(context, options.taken)
    for line in outcome.faults:
        context.voice.say(f"  left out, {line}")
    print(f"{len(outcome.verdicts)} pairs edited, approved or rejected")
    if outcome.verdicts:
        context.voice.say(f"Next: monoshiri generate {options.bot}")
    return 1 if outcome.faults else 0

"""`status`: what is built, and what is stale."""

from __future__ import annotations

import argparse

from builder.bot.models import newest_adapter
from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.stages.context import Context
from builder.stages.importing import rejections, source_changes
from builder.workspace import STAGES, Workspace


def status(options: argparse.Namespace) -> int:
    """Print each stage's account, the adapter, and what changed in the sources since."""
    workspace = Workspace(options.bot)
    workspace.require()
    context = Context(workspace, load_config(workspace.config), Terminal())
    print(f"{context.config.bot.name}  ({options.bot})")
    for stage in STAGES:
        manifest = workspace.manifest(stage)
        if manifest is None:
            print(f"  {stage:9} not done")
            continue
        report = manifest.report
        rejected = "".join(f" + {count} {reason}" for reason, count in report.rejected)
        print(f"  {stage:9} {report.taken} = {report.made}{rejected}  {'; '.join(report.notes)}")
    adapter = newest_adapter(workspace)
    print(f"  adapter   {adapter.name if adapter else 'none'}")
    for kind, names in source_changes(context).items():
        shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        print(f"  stale: {len(names)} {kind} since the import: {shown}")
    if left_out := rejections(context):
        print(f"  not imported: {len(left_out)} (see {workspace.rejections})")
    return 0

"""`status`: what is built, and what is stale."""

from __future__ import annotations

import argparse

from builder.bot.models import newest_adapter
from builder.cli.terminal import Terminal
from builder.config import load_config
from builder.stages.context import Context
from builder.stages.importing import rejections, source_changes
from builder.stages.staleness import stale_stages
from builder.workspace import STAGES, Workspace
from connectors.errors import MonoshiriError

SHOWN = 10


def status(options: argparse.Namespace) -> int:
    """Print each stage's account and whether it is stale, the adapter, and what changed in the
    sources since the import."""
    workspace = Workspace(options.bot)
    workspace.require()
    context = Context(workspace, load_config(workspace.config), Terminal())
    print(f"{context.config.bot.name}  ({options.bot})")
    stale = stale_stages(context)
    for stage in STAGES:
        manifest = workspace.manifest(stage)
        if manifest is None:
            print(f"  {stage:9} not done")
            continue
        report = manifest.report
        rejected = "".join(f" + {count} {reason}" for reason, count in report.rejected)
        print(f"  {stage:9} {report.taken} = {report.made}{rejected}  {'; '.join(report.notes)}")
        if stage in stale:
            print(f"            stale: run `monoshiri {stale[stage]} {options.bot}`")
    adapter = newest_adapter(workspace)
    print(f"  adapter   {adapter.name if adapter else 'none'}")
    _show_sources(context)
    if left_out := rejections(context):
        print(f"  not imported: {len(left_out)} (see {workspace.rejections})")
    return 0


def _show_sources(context: Context) -> None:
    """What `import` would find changed, and the sources that can't be reached now."""
    if context.workspace.manifest("import") is None:
        return
    try:
        changes = source_changes(context)
    except MonoshiriError as error:
        print(f"  source not reachable: {error}")
        return
    for rejection in changes.down:
        print(f"  source not reachable: {rejection.source}: {rejection.message}")
    for name in changes.passed_over:
        print(f"  not looked at: {name} (`monoshiri import` crawls it)")
    for kind, names in changes.items.items():
        print(f"  stale: {len(names)} {kind} since the import (run `monoshiri import`):")
        for name in names[:SHOWN]:
            print(f"    {name}")
        if len(names) > SHOWN:
            print(f"    … and {len(names) - SHOWN} more")

"""Which stages are behind what they are made from."""

from __future__ import annotations

from builder.models.catalog import embedder_name
from builder.stages.context import Context
from builder.stages.indexing import index_mark
from builder.stages.preparing import prepare_mark
from builder.workspace import COMMAND_OF

FOLLOWS = {"generate": ("prepare",), "train": ("generate",), "evaluate": ("index", "train")}
"""Stage → the stages whose work it takes."""


def stale_stages(context: Context) -> dict[str, str]:
    """Stage → what to run, for the stages that were done and whose inputs or settings are others
    now. Settings of `generate` and what follows are not looked at."""
    workspace = context.workspace
    embedder = embedder_name(context.config.embedder.name)
    marks = {"prepare": prepare_mark, "index": index_mark}
    stale: dict[str, str] = {}
    for stage, mark in marks.items():
        manifest = workspace.manifest(stage)
        behind = bool({"prepare"} & stale.keys())
        if manifest and (behind or manifest.fingerprint != mark(context, embedder)):
            stale[stage] = COMMAND_OF.get(stage, stage)
    for stage, before in FOLLOWS.items():
        done = workspace.completed_at(stage)
        newer = any(workspace.completed_at(other) > done for other in before)
        if done and (newer or any(other in stale for other in before)):
            stale[stage] = stage
    return stale

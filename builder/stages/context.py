"""What every stage is given: the bot's folder, its configuration, and where to speak."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from builder.config import Config
from builder.records import StageReport
from builder.workspace import Manifest, Workspace


class Voice(Protocol):
    """Where a stage says what it does (the terminal, in tests a list)."""

    def say(self, text: str) -> None:
        """One line that stays."""

    def progress(self, text: str) -> None:
        """A line that the next one replaces."""


@dataclass(frozen=True, slots=True)
class Context:
    """A stage's surroundings."""

    workspace: Workspace
    config: Config
    voice: Voice


@dataclass(frozen=True, slots=True)
class StageResult:
    """A stage's report, and whether there was anything to do."""

    report: StageReport
    unchanged: bool = False


def unchanged(context: Context, stage: str, mark: str) -> StageResult | None:
    """The stage's earlier result when it was made from the same inputs, else None."""
    manifest = context.workspace.manifest(stage)
    if manifest is None or manifest.fingerprint != mark:
        return None
    return StageResult(manifest.report, unchanged=True)


def finish(context: Context, mark: str, report: StageReport) -> StageResult:
    """Write the manifest, which makes the stage complete."""
    context.workspace.complete(Manifest(report.stage, mark, report))
    return StageResult(report)


def counted(reasons: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """(reason, how often), most frequent first."""
    return tuple(Counter(reasons).most_common())


def seconds_since(began: float) -> float:
    """Seconds since `began` (`time.monotonic()`), for reports."""
    return round(time.monotonic() - began, 1)

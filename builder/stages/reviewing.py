"""review: the dataset as a sheet for a person, and the person's verdicts back."""

from __future__ import annotations

from pathlib import Path

from builder.dataset.review import Outcome, Verdict, merged, verdicts_of
from builder.dataset.sheets import read_sheet, write_sheet
from builder.jsonl import read_jsonl
from builder.records import PHRASING, SPLITS
from builder.stages.context import Context
from builder.stages.generating import pairs_of, reviewed_file
from builder.workspace import write_jsonl


def verdicts(context: Context) -> list[Verdict]:
    """What people decided so far."""
    path = reviewed_file(context)
    return list(read_jsonl(Verdict, path)) if path.exists() else []


def write_review(context: Context, path: Path) -> int:
    """Write the pairs of all splits as a sheet; returns how many."""
    pairs = [pair for split in (*SPLITS, PHRASING) for pair in pairs_of(context, split)]
    originals = [pair for pair in pairs if not pair.augmentation]
    write_sheet(originals, path)
    return len(originals)


def read_review(context: Context, path: Path) -> Outcome:
    """Take a filled-in sheet; the next `generate` applies it."""
    pairs = [pair for split in (*SPLITS, PHRASING) for pair in pairs_of(context, split)]
    before = verdicts(context)
    outcome = verdicts_of(read_sheet(path), pairs, before)
    if outcome.verdicts:
        write_jsonl(reviewed_file(context), merged(before, outcome.verdicts))
    return outcome

"""The pairs in the forms that other trainers read: OpenAI chat and Alpaca, one object a line.

How a pair becomes a record is the dataset stage's business and comes in as a function, so that an
export says just what training saw.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.records import QAPair
from builder.workspace import atomic_file

ToRecord = Callable[[QAPair], Mapping[str, Any]]


def export_chat(pairs: Iterable[QAPair], target: Path, to_record: ToRecord) -> int:
    """Write `{"messages": […], "source", "locator"}` lines; returns how many.

    Raises UsageError when `target` is a folder, and ValueError when `to_record` makes no messages.
    """
    return _export(pairs, target, to_record, ("messages",))


def export_alpaca(pairs: Iterable[QAPair], target: Path, to_record: ToRecord) -> int:
    """Write `{"instruction", "input", "output", "source", "locator"}` lines; returns how many.

    Raises UsageError when `target` is a folder, and ValueError when `to_record` leaves a key out.
    """
    return _export(pairs, target, to_record, ("instruction", "input", "output"))


def _export(
    pairs: Iterable[QAPair], target: Path, to_record: ToRecord, keys: tuple[str, ...]
) -> int:
    if target.is_dir():
        raise UsageError("this is a folder, not a file.", str(target), "Name a .jsonl file.")
    count = 0
    with atomic_file(target) as handle:
        for pair in pairs:
            record = to_record(pair)
            missing = [key for key in keys if key not in record]
            if missing:
                raise ValueError(f"the record of pair {pair.id} has no {', '.join(missing)}")
            # Where the answer comes from stays with it: a removed document can be taken out later.
            # Other keys stay behind: strict readers refuse what they don't know.
            line = {key: record[key] for key in keys}
            line |= {"source": pair.source, "locator": pair.locator}
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count

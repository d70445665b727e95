"""The pairs in the forms that other trainers read: one JSON object a line, or a Parquet table.

How a pair becomes a record is the dataset's business: records come in ready-made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.workspace import atomic_file

Record = Mapping[str, Any]
ROWS = 2000  # rows of Parquet that are held in memory


def export_lines(records: Iterable[Record], target: Path) -> int:
    """Write one JSON object a line; returns how many. Raises UsageError when `target` is a
    folder."""
    _no_folder(target)
    count = 0
    with atomic_file(target) as handle:
        for record in records:
            handle.write(json.dumps(dict(record), ensure_ascii=False) + "\n")
            count += 1
    return count


def export_parquet(records: Iterable[Record], target: Path) -> int:
    """Write a Parquet table; returns how many rows. Raises UsageError when `target` is a folder or
    pyarrow is missing."""
    _no_folder(target)
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as exc:
        raise UsageError(
            "Parquet needs the package pyarrow.", str(target), "Run `pip install pyarrow`."
        ) from exc
    turn = pa.struct([("role", pa.string()), ("content", pa.string())])
    schema = pa.schema(
        [("messages", pa.list_(turn)), ("source", pa.string()), ("locator", pa.string())]
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    count = 0
    try:
        with pq.ParquetWriter(fresh, schema) as writer:
            for batch in _batches(records):
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                count += len(batch)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return count


def _batches(records: Iterable[Record]) -> Iterable[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for record in records:
        batch.append(dict(record))
        if len(batch) == ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _no_folder(target: Path) -> None:
    if target.is_dir():
        raise UsageError("this is a folder, not a file.", str(target), "Name a file in it.")

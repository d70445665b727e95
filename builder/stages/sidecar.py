"""A large file of lines, and beside it a small one that says what they are.

The first line of the small one names the large one by its hash. A new one is written beside the
old, then the large file is replaced, then the old one: whenever a run is killed, one of the two
fits the large file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from builder.workspace import atomic_file, file_hash


def replace_both(
    large: Path, lines: Iterator[bytes], small: Path, rows: Callable[[], Iterable[str]]
) -> None:
    """Replace both; `rows` is called when all lines are written."""
    hashed = hashlib.sha256()
    with atomic_file(large) as out:
        for line in lines:
            hashed.update(line)
            out.buffer.write(line)  # type: ignore[attr-defined]
        replace_small(_next(small), hashed.hexdigest(), rows())
    _next(small).replace(small)


def replace_small(small: Path, digest: str, rows: Iterable[str]) -> None:
    """Replace the small one, for a large one whose SHA-256 is `digest`."""
    with atomic_file(small) as out:
        out.write(json.dumps({"of": digest}) + "\n")
        out.writelines(rows)


def rows_of(large: Path, small: Path) -> tuple[str, list[bytes]]:
    """SHA-256 of the large file and the rows that say what is in it; no rows where none fit."""
    paths = [path for path in (small, _next(small)) if path.exists()]
    if not paths or not large.exists():
        return "", []
    digest = file_hash(large)
    for path in paths:
        with path.open("rb") as lines:
            if next(lines, b"").strip() == json.dumps({"of": digest}).encode():
                return digest, list(lines)
    return digest, []


def _next(path: Path) -> Path:
    return path.with_name(f"{path.stem}.next{path.suffix}")

"""Records as JSON lines and back, by their type annotations."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from builder.errors import WorkspaceError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record")


def to_line(record: Any) -> str:
    """One JSON line (no line break) for a dataclass record; non-ASCII is kept readable, and half a
    surrogate pair, which no file can hold, becomes `?`."""
    line = json.dumps(dataclasses.asdict(record), ensure_ascii=False, default=str)
    return line.encode(errors="replace").decode()


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    if kind not in _adapters:  # building one takes milliseconds
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def from_object(kind: type[Record], value: Any) -> Record:
    """`value` (parsed JSON) as a record of type `kind`; raises pydantic.ValidationError."""
    record: Record = _adapter(kind).validate_python(value)
    return record


def from_line(kind: type[Record], line: str | bytes) -> Record:
    """One JSON line as a record of type `kind`; raises pydantic.ValidationError."""
    record: Record = _adapter(kind).validate_json(line)
    return record


def read_jsonl(kind: type[Record], path: Path) -> Iterator[Record]:
    """Every record in `path`; raises WorkspaceError naming the line that is damaged."""
    from pydantic import ValidationError

    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield from_line(kind, line)
            except ValidationError as exc:
                first = exc.errors()[0]
                raise WorkspaceError(
                    f"line {number} is not a {kind.__name__}: {first['msg']}.",
                    str(path),
                    "Correct the line, or delete the file and run the stage again.",
                ) from exc


def dump_lines(records: Iterable[Any]) -> Iterator[str]:
    """Records as lines with their line breaks."""
    for record in records:
        yield to_line(record) + "\n"

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
    line = json.dumps(record, ensure_ascii=False, default=_plain)
    return line.encode(errors="replace").decode()


def _plain(value: Any) -> Any:
    """What the encoder doesn't know: records by their fields (`asdict` copies all that is in them,
    which takes ten times as long), numbers and dates as text."""
    if dataclasses.is_dataclass(value):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    return str(value)


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
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield record_of(kind, line, number, path)


def record_of(kind: type[Record], line: bytes, number: int, path: Path) -> Record:
    """The record in line `number` of `path`; raises WorkspaceError where it is damaged."""
    from pydantic import ValidationError

    try:
        return from_line(kind, line)
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

"""JSON: a list of objects is a table; anything else becomes `key: value` lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from connectors.catalog.table import Table, read_table
from connectors.encoding import decode
from connectors.errors import UnreadableFile
from connectors.formats.text import encoding_notes
from connectors.qa.objects import read_pairs
from connectors.reading import InputFile, Reading
from connectors.records import Part
from connectors.settings import ReadingSettings

_MAX_DEPTH = 40


def read(file: InputFile) -> Reading:
    """Products where the objects are rows of a catalogue (`row 1` is the first), else a Part."""
    decoded = decode(file.path.read_bytes())
    try:
        value = json.loads(decoded.text)
    except (ValueError, RecursionError) as exc:
        raise UnreadableFile(
            "broken", "It is not valid JSON.", remedy="Export it again, complete."
        ) from exc
    notes = encoding_notes(decoded)
    title = _title(value)
    objects, rest = _objects(value)
    if not objects:
        return Reading(title, (Part("", "\n".join(value_lines(value)) + "\n"),), notes=notes)
    reading = read_objects(enumerate(objects, 1), file.settings)
    beside = "".join(f"{line}\n" for line in value_lines(rest))
    text = beside + "".join(part.text for part in reading.parts)
    parts = (Part("", text),) if text.strip() else ()
    return Reading(title, parts, reading.products, (*notes, *reading.notes))


def read_objects(
    objects: Iterable[tuple[int, dict[str, Any]]], settings: ReadingSettings
) -> Reading:
    """(number, object) as rows: questions and answers where they are such ones, products where they
    are a catalogue's, else one table.

    Both `.json` and `.jsonl` come here; what else such objects may be is decided here."""
    numbered = list(objects)
    if pairs := read_pairs([value for _, value in numbered]):
        return Reading("", (Part("", "\n".join(pairs.lines) + "\n"),), notes=pairs.notes)
    content = read_table(replace(_table(numbered), corrections=settings.columns))
    text = "\n".join(content.lines)
    parts = (Part("", text + "\n"),) if text.strip() else ()
    return Reading("", parts, content.products, content.notes)


def _title(value: Any) -> str:
    if isinstance(value, dict):
        for key in ("title", "name"):
            if isinstance(value.get(key), str):
                return str(value[key])
    return ""


def _objects(value: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The list of objects in the file, and what stands beside it; empty where there isn't one."""
    if _is_table(value):
        return value, {}
    if isinstance(value, dict):
        lists = [key for key in value if _is_table(value[key])]
        if len(lists) == 1:
            rest = {key: inner for key, inner in value.items() if key != lists[0]}
            return value[lists[0]], rest
    return [], {}


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _table(objects: Iterable[tuple[int, dict[str, Any]]]) -> Table:
    flat = [(number, dict(_cells(row))) for number, row in objects]
    names = list(dict.fromkeys(name for _, row in flat for name in row))
    rows = [(number, [row.get(name, "") for name in names]) for number, row in flat]
    return Table([(0, names), *rows], has_header=True)


def _cells(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Columns of one object; an object inside it gives `outer.inner` columns."""
    for key, inner in value.items():
        if isinstance(inner, dict) and prefix.count(".") < _MAX_DEPTH:
            yield from _cells(inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _cell(inner)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(_cell(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def value_lines(value: Any, indent: str = "") -> Iterator[str]:
    """`key: value` lines, what is inside indented."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _entry(f"{key}:", inner, indent)
    elif isinstance(value, list):
        for inner in value:
            yield from _entry("-", inner, indent)
    else:
        yield f"{indent}{_cell(value)}"


def _entry(label: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value and len(indent) < 2 * _MAX_DEPTH:
        yield f"{indent}{label}"
        yield from value_lines(value, indent + "  ")
    else:
        yield f"{indent}{label} {_cell(value)}"

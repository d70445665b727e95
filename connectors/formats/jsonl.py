"""JSON lines: objects are the rows of a table; other values become `key: value` lines."""

from __future__ import annotations

import json
from typing import Any

from connectors.encoding import decode
from connectors.errors import UnreadableFile
from connectors.formats.json import read_objects, value_lines
from connectors.formats.text import encoding_notes
from connectors.reading import InputFile, Reading
from connectors.records import Part

_NAMED = 10  # damaged lines that a note names


def read(file: InputFile) -> Reading:
    """Locators `row N`: N counts lines from 1. Damaged lines are left out with a note, as long as
    they are the smaller part."""
    decoded = decode(file.path.read_bytes())
    values, damaged = _values(decoded.text)
    if len(damaged) > len(values):
        raise UnreadableFile(
            "broken", "Most lines are not valid JSON.", remedy="Export it again, one value a line."
        )
    notes = encoding_notes(decoded)
    if damaged:
        more = " …" if len(damaged) > _NAMED else ""
        lines = ", ".join(map(str, damaged[:_NAMED]))
        notes = (*notes, f"lines left out, no valid JSON: {lines}{more} ({len(damaged)} in all)")
    objects = [(number, value) for number, value in values if isinstance(value, dict)]
    reading = read_objects(objects, file.settings) if objects else Reading("", ())
    others = [value for _, value in values if not isinstance(value, dict)]
    text = "".join([*(f"{line}\n" for value in others for line in value_lines(value))])
    text += "".join(part.text for part in reading.parts)
    parts = (Part("", text),) if text.strip() else ()
    return Reading("", parts, reading.products, (*notes, *reading.notes))


def _values(text: str) -> tuple[list[tuple[int, Any]], list[int]]:
    """(line number, value) of every line that isn't blank, and the numbers of damaged ones."""
    values, damaged = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values.append((number, json.loads(line)))
        except (ValueError, RecursionError):
            damaged.append(number)
    return values, damaged

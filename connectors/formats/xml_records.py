"""Repeated elements of an XML file as the rows of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from connectors.catalog.table import Table
from connectors.formats.safe_xml import children, line_of, local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEARCHED_LEVELS = 4  # exports wrap their records in an envelope or two
_MAX_DEPTH = 40


def find_records(root: _Element) -> list[_Element] | None:
    """The outermost elements that repeat below one parent and hold named values; None without."""
    level = [root]
    for _ in range(_SEARCHED_LEVELS):
        for parent in level:
            counts = Counter(local_name(child) for child in children(parent))
            name, count = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
            found = list(children(parent, name)) if count > 1 else []
            if found and all(len(record) or record.attrib for record in found):
                return found
        level = [child for parent in level for child in children(parent)]
    return None


def record_table(records: Sequence[_Element]) -> Table:
    """One row a record; an element inside another one gives an `outer.inner` column."""
    rows = [_row(record) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in names] for row in rows]
    return Table([(0, names), *enumerate(cells, 1)], has_header=True)


def _row(record: _Element) -> dict[str, str]:
    row: dict[str, list[str]] = {}
    for name, value in _cells(record):
        row.setdefault(name, []).append(value)
    return {name: ", ".join(values) for name, values in row.items()}


def _cells(element: _Element, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if value.strip():
            yield f"{prefix}{str(name).rpartition('}')[2]}", value.strip()
    for child in children(element):
        name = f"{prefix}{local_name(child)}"
        if not len(child) or depth >= _MAX_DEPTH:
            if text := line_of(child):
                yield name, text
        elif text := (child.text or "").strip():
            yield name, text
        if len(child) and depth < _MAX_DEPTH:
            yield from _cells(child, f"{name}.", depth + 1)
        elif child.attrib:
            yield from ((f"{name}.{key}", value) for key, value in child.attrib.items() if value)

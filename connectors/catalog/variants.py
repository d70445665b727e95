"""Tables with a line a variant: lines of one product belong together by their `parent` column.

Shops' exports state the name and the text of a product in its first line only; its other lines get
them from there. Lines that hold nothing but a further image are no products.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.catalog.columns import key_of
from connectors.catalog.header import Row
from connectors.catalog.mapping import Columns
from connectors.catalog.units import normalize_width

_OF_A_VARIANT = re.compile(
    r"(?:variant|option|image|productimage|sku|barcode|price|compareat|cost|inventory|weight)"
)
_OWN_FIELDS = ("sku", "price", "availability", "image", "parent")
_NO_OPTION = ("title", "default title")


def completed(rows: Sequence[Row], columns: Columns) -> tuple[list[Row], int]:
    """The rows with what they share with the first row of their product, and how many were left
    out since they hold only a further image."""
    parent = columns.fields.get("parent")
    if parent is None:
        return list(rows), 0
    shared = _shared_columns(columns)
    images = {i for i, column in enumerate(columns.all) if "image" in key_of(column.label)}
    first: dict[str, list[str]] = {}
    out: list[Row] = []
    dropped = 0
    for number, cells in rows:
        group = cells[parent] if parent < len(cells) else ""
        leader = first.setdefault(group, cells) if group else cells
        if leader is cells:
            out.append((number, cells))
        elif all(i == parent or i in images for i, cell in enumerate(cells) if cell):
            dropped += 1
        else:
            out.append((number, _filled(cells, leader, shared, columns.fields.get("name"))))
    return out, dropped


def _shared_columns(columns: Columns) -> list[int]:
    own = {columns.fields[field] for field in _OWN_FIELDS if field in columns.fields}
    names = {option.name for option in columns.options}
    return [
        i
        for i, column in enumerate(columns.all)
        if i in names or (i not in own and not _OF_A_VARIANT.match(key_of(column.label)))
    ]


def _filled(cells: list[str], leader: list[str], shared: list[int], name: int | None) -> list[str]:
    """Blanks from the first row, where the row leaves out its product's name."""
    width = max(len(cells), len(leader))
    filled = [*cells, *[""] * (width - len(cells))]
    if name is not None and name < width and filled[name]:
        return filled
    for index in shared:
        if index < len(leader) and not filled[index]:
            filled[index] = leader[index]
    return filled


def options_of(cells: Sequence[str], columns: Columns) -> tuple[tuple[str, str], ...]:
    """What tells the row's variant from its siblings."""
    found = []
    for option in columns.options:
        value = cells[option.value] if option.value < len(cells) else ""
        name = columns.all[option.value].label
        if option.name is not None and option.name < len(cells):
            name = cells[option.name] or name
        if value and (name.lower(), value.lower()) != _NO_OPTION:
            found.append((re.sub(r"[\(（]名称?[\)）]$", "", name), value))
    return tuple(found)


def is_hidden(cells: Sequence[str], columns: Columns) -> bool:
    """Whether the shop does not show the row's product."""
    return any(
        index < len(cells) and normalize_width(cells[index]).lower() in hidden
        for index, hidden in columns.states
    )

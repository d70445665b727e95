"""Product feeds in Google Merchant's form: RSS or Atom with `g:` elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.catalog.table import Content, Table, read_table
from connectors.formats.safe_xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_GOOGLE = "{http://base.google.com/ns/1.0}"
_ENTRIES = ("item", "entry")
_LOOKED_AT = 200  # elements of an entry


def is_merchant_feed(root: _Element) -> bool:
    """Whether the feed's first entry has an element of Google's namespace."""
    first = next(_entries(root), None)
    if first is None:
        return False
    names = (str(e.tag) for e, _ in zip(first.iter(), range(_LOOKED_AT), strict=False))
    return any(name.startswith(_GOOGLE) for name in names)


def read_merchant(root: _Element, corrections: tuple[tuple[str, str], ...] = ()) -> Content:
    """Every entry as a product; locators `row N` count the entries from 1."""
    rows = [dict(_cells(entry)) for entry in _entries(root)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [(n, [row.get(name, "") for name in names]) for n, row in enumerate(rows, 1)]
    return read_table(Table([(0, names), *cells], corrections=corrections))


def _entries(root: _Element) -> Iterator[_Element]:
    for element in root.iter("{*}item", "{*}entry"):
        if isinstance(element.tag, str):
            yield element


def _cells(entry: _Element) -> Iterator[tuple[str, str]]:
    """(name, text) of the entry's elements; what comes more than once is joined, what is inside
    another element is named after it."""
    found: dict[str, list[str]] = {}
    for child in entry:
        if not isinstance(child.tag, str):
            continue
        name = local_name(child)
        inner = [e for e in child if isinstance(e.tag, str)]
        for element in inner:
            label = f"{name}.{local_name(element)}"
            found.setdefault(label, []).append(_text(element))
        if not inner:
            found.setdefault(name, []).append(_text(child) or str(child.get("href") or ""))
    for name, texts in found.items():
        yield name, ", ".join(dict.fromkeys(filter(None, texts)))


def _text(element: _Element) -> str:
    return (
        " ".join("".join(element.itertext()).split())
        if len(element)
        else (element.text or "").strip()
    )

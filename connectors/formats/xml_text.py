"""Any XML as text: sentences with their headings, or `name: value` lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.formats.safe_xml import child_text, children, line_of, local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = frozenset(("title", "head", "heading"))
_PARAGRAPHS = frozenset(("p", "para", "simpara"))
_ITEMS = frozenset(("li", "listitem", "item"))
_MAX_INDENT = 40


def stated_title(root: _Element) -> str:
    """What the root element states as its title or name."""
    return child_text(root, "title", "name")[:200]


def is_prose(root: _Element) -> bool:
    """Whether it is a text with marks in it (a manual) rather than named values."""
    return any(
        local_name(element).lower() in _PARAGRAPHS or _is_mixed(element) for element in root.iter()
    )


def prose_lines(element: _Element, level: int = 1) -> Iterator[str]:
    """Titles as headings of their depth, list items with `-`, other text as paragraphs."""
    name = local_name(element).lower()
    if name in _TITLES:
        yield from ("", f"{'#' * min(level, 6)} {line_of(element)}", "")
    elif name in _ITEMS:
        yield f"- {line_of(element)}"
    elif _is_mixed(element) or not len(element):
        if text := line_of(element):
            yield from ("", text, "")
    else:
        titles = [local_name(child).lower() in _TITLES for child in children(element)]
        for child, is_title in zip(children(element), titles, strict=True):
            yield from prose_lines(child, level + (any(titles) and not is_title))


def data_lines(
    element: _Element, indent: str = "", without: frozenset[_Element] = frozenset()
) -> Iterator[str]:
    """`name: value` for every value; attributes before the elements."""
    for name, value in element.attrib.items():
        if value.strip() and not str(name).startswith("{http://www.w3.org/2001/XMLSchema-"):
            yield f"{indent}{str(name).rpartition('}')[2]}: {' '.join(value.split())}"
    for child in children(element):
        if child in without:
            continue
        text = " ".join((child.text or "").split())
        below = list(data_lines(child, "  " if len(indent) < _MAX_INDENT else "", without))
        if text or below:
            yield f"{indent}{local_name(child)}: {text}".rstrip()
        yield from (indent + line for line in below)


def _is_mixed(element: _Element) -> bool:
    """Whether text stands beside child elements."""
    if not isinstance(element.tag, str) or not len(element):
        return False
    return bool((element.text or "").strip()) or any(
        (child.tail or "").strip() for child in element
    )

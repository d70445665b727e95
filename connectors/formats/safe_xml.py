"""XML of strangers: no external entities, no DTDs, entities expanded within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.errors import UnreadableFile
from connectors.formats.html import decode_markup

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # control characters


def parse_xml(data: bytes) -> _Element:
    """The root element, without comments. Shift_JIS is read as Windows writes it (`①`, `㈱`).

    Raises `UnreadableFile` (`broken`) for what isn't XML, nests deeper than 256 elements, holds
    ten million characters in one place, or multiplies entities.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    text = _FORBIDDEN.sub("", _DECLARATION.sub("", decode_markup(data)))
    try:
        return etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as exc:
        where = f" (line {exc.lineno})" if exc.lineno else ""
        raise UnreadableFile(
            "broken", f"It is not valid XML{where}.", remedy="Export it again, complete."
        ) from exc


def local_name(element: _Element) -> str:
    """The element's name without its namespace; empty for what isn't an element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: _Element, name: str = "") -> Iterator[_Element]:
    """The child elements; only those of that name, in any namespace, where one is given."""
    for child in element:
        if isinstance(child.tag, str) and name in ("", local_name(child)):
            yield child


def child_text(element: _Element, *names: str) -> str:
    """The text of the first child that has one of the names and isn't blank, on one line."""
    for name in names:
        for child in children(element, name):
            if text := line_of(child):
                return text
    return ""


def line_of(element: _Element) -> str:
    """All text in the element, on one line."""
    return " ".join("".join(element.itertext()).split())

"""An HTML element as Markdown: headings, lists, tables, code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from connectors.markdown_table import table_rows

if TYPE_CHECKING:
    from bs4.element import NavigableString, PageElement, Tag

_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure "
    "form header hr html li main ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
) | frozenset(_HEADINGS)


def element_text(element: Tag) -> str:
    """The text of the element and everything in it."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(element)).strip()) + "\n"


def _lines(element: Tag) -> Iterator[str]:
    """Blocks on lines of their own; inline content between two blocks is one paragraph."""
    inline: list[PageElement] = []
    for child in element.children:
        name = getattr(child, "name", None)
        if name in _BLOCKS or (name and child.find(_BLOCKS)):  # type: ignore[attr-defined]
            yield from _paragraph(inline)
            inline = []
            yield from _block(child)  # type: ignore[arg-type]
        else:
            inline.append(child)
    yield from _paragraph(inline)


def _block(element: Tag) -> Iterator[str]:
    name = element.name
    if name in _HEADINGS:
        heading = _inline_text([element])
        yield from ("", f"{_HEADINGS[name]} {heading}", "") if heading else ()
    elif name == "pre":
        yield from ("", "```", element.get_text().strip("\n"), "```", "")
    elif name in ("ul", "ol"):
        yield from ("", *_list(element, ""), "")
    elif name == "table":
        yield from ("", *_table(element), "")
    elif name == "dt":
        yield from ("", _inline_text([element]))
    elif name == "dd":
        yield from (f": {line}" for line in _lines(element) if line)
    else:
        yield from _lines(element)


def _paragraph(nodes: list[PageElement]) -> Iterator[str]:
    text = _inline_text(nodes)
    if text:
        yield from ("", text, "")


def _inline_text(nodes: list[PageElement]) -> str:
    """Text on one line, but for `<br>`; white space as a browser shows it."""
    text = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(map(_node_text, nodes)))
    return "\n".join(line.strip() for line in text.split("\x00")).strip()


def _node_text(node: PageElement) -> str:
    from bs4.element import PreformattedString, Tag

    if isinstance(node, PreformattedString):  # comments, doctypes
        return ""
    return _tag_text(node) if isinstance(node, Tag) else str(cast("NavigableString", node))


def _tag_text(tag: Tag) -> str:
    if tag.name == "br":
        return "\x00"
    if tag.name in ("img", "input", "textarea", "select"):
        return str(tag.get("alt" if tag.name == "img" else "value") or "")
    inner = "".join(map(_node_text, tag.children))
    return f" {inner} " if tag.name in _BLOCKS else inner


def _list(element: Tag, indent: str) -> Iterator[str]:
    number = int(str(element.get("start") or 1)) if element.name == "ol" else 0
    for item in element.find_all("li", recursive=False):
        mark = f"{number}." if number else "-"
        number += 1 if number else 0
        nested = item.find_all(["ul", "ol"], recursive=False)
        own = [child for child in item.children if child not in nested]
        yield f"{indent}{mark} {_inline_text(own).replace(chr(10), ' ')}"
        for inner in nested:
            yield from _list(inner, indent + "  ")


def _table(element: Tag) -> Iterator[str]:
    caption = element.find("caption", recursive=False)
    if caption is not None:
        yield from (_inline_text([caption]), "")
    rows = [row for row in element.find_all("tr") if row.find_parent("table") is element]
    yield from table_rows(_grid(rows))


def _grid(rows: list[Tag]) -> list[list[str]]:
    """Cells in their columns; a cell over several rows is repeated in each, over columns not."""
    grid: list[list[str]] = []
    running: dict[int, tuple[int, str]] = {}  # column → (rows left, text) of cells from above
    for row in rows:
        line: list[str] = []

        def take_running(line: list[str] = line) -> None:
            while len(line) in running:
                left, text = running.pop(len(line))
                if left > 1:
                    running[len(line)] = (left - 1, text)
                line.append(text)

        for cell in row.find_all(["td", "th"], recursive=False):
            take_running()
            text, height = _inline_text(list(cell.children)), _span(cell, "rowspan")
            for offset in range(_span(cell, "colspan")):
                if height > 1:
                    running[len(line)] = (height - 1, "" if offset else text)
                line.append("" if offset else text)
        take_running()
        grid.append(line)
    return [line for line in grid if any(line)]


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(int(value), 1000) if value.isdigit() and value != "0" else 1

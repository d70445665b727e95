"""Word documents: headings, lists with their numbers, tables, text boxes, in the body's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from connectors.formats.docx_numbering import Numbering
from connectors.formats.ooxml import PACKAGE_ERRORS, broken, open_package
from connectors.markdown_table import table_rows
from connectors.reading import InputFile, Reading
from connectors.records import Part

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", _FALLBACK)
)
_HEADING = re.compile(r"^(?:heading|見出し)\s*([1-9])", re.IGNORECASE)
_GENERIC_TITLE = re.compile(r"^(word )?document|^untitled|^無題|^文書", re.IGNORECASE)
_TITLE = re.compile(r"^(title|表題|タイトル)$", re.IGNORECASE)


def read(file: InputFile) -> Reading:
    """One Part; the title is the document's property, else what stands as its title."""
    path = file.path
    import docx

    package = open_package(path, "word/document.xml")
    try:
        document = docx.Document(package)
    except PACKAGE_ERRORS as exc:
        raise broken(path.suffix) from exc
    body = _Body(document)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(body.lines())).strip()
    stated = str(document.core_properties.title or "").strip()
    title = body.title if not stated or _GENERIC_TITLE.match(stated) else stated
    return Reading(title, (Part("", text + "\n"),))


class _Body:
    """Walks one document's body; the numbering counts along, so it is walked once."""

    def __init__(self, document: Any) -> None:
        self._root: _Element = document.element.body
        self._styles = {style.style_id: style for style in document.styles}
        self._numbering = Numbering(_numbering_root(document))
        self.title = ""
        """The first paragraph of style Title, else the first heading of level 1."""
        self._has_title = False

    def lines(self) -> Iterator[str]:
        yield from self._blocks(self._root)

    def _blocks(self, parent: _Element) -> Iterator[str]:
        for element in parent:
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                grid = self._grid(element)
                is_box = len(grid) == 1 and len(grid[0]) == 1
                yield from ("", *(grid[0] if is_box else table_rows(grid)), "")
            elif element.tag not in _SKIPPED and isinstance(element.tag, str):
                yield from self._blocks(element)  # content controls and the like

    def _paragraph(self, element: _Element) -> Iterator[str]:
        text = "".join(_texts(element)).strip()
        level = self._heading_level(element)
        label, depth = self._label(element) if text else ("", 0)
        if text and (level == 0 or (level == 1 and not self.title)) and not self._has_title:
            self.title, self._has_title = text, level == 0
        if text and level is not None:
            yield from ("", f"{'#' * max(level, 1)} {_join(label, text)}", "")
        elif text and label:
            yield f"{'  ' * depth}{_list_mark(label)} {text}"
        elif text:
            yield from ("", text, "")
        for box in _text_boxes(element):
            yield from self._blocks(box)

    def _heading_level(self, element: _Element) -> int | None:
        """1 to 6; 0 for the title; None for body text."""
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        for style in self._style_chain(element):
            name = style.name or ""
            if _TITLE.match(name):
                return 0
            if match := _HEADING.match(name):
                return min(int(match[1]), 6)
            if outline is None:
                outline = style.element.find(f"{_W}pPr/{_W}outlineLvl")
        value = int(outline.get(f"{_W}val", "9")) if outline is not None else 9
        return min(value + 1, 6) if value < 9 else None

    def _label(self, element: _Element) -> tuple[str, int]:
        """(number or `-`, level from 0) of a list item or numbered heading; ("", 0) for others."""
        properties = element.find(f"{_W}pPr/{_W}numPr")
        names = []
        for style in self._style_chain(element):
            names.append(style.name or "")
            if properties is None:
                properties = style.element.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            return (
                ("-", 0)
                if any(re.match(r"list bullet|箇条書き", n, re.I) for n in names)
                else ("", 0)
            )
        list_id, level = (properties.find(f"{_W}{name}") for name in ("numId", "ilvl"))
        if list_id is None:
            return "", 0
        depth = int(level.get(f"{_W}val", "0")) if level is not None else 0
        return self._numbering.label(list_id.get(f"{_W}val", "0"), depth), depth

    def _style_chain(self, element: _Element) -> Iterator[Any]:
        reference = element.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(reference.get(f"{_W}val")) if reference is not None else None
        for _ in range(10):  # styles may be based on each other in a circle
            if style is None:
                return
            yield style
            style = style.base_style

    def _grid(self, table: _Element) -> list[list[str]]:
        """Cells in their columns; a cell over several rows is repeated, over columns it is not."""
        grid: list[list[str]] = []
        for row in table.iter(f"{_W}tr"):
            if _closest(row, f"{_W}tbl") is not table:
                continue
            line: list[str] = []
            for cell in row.iter(f"{_W}tc"):
                if _closest(cell, f"{_W}tr") is row:
                    self._put_cell(cell, line, grid[-1] if grid else [])
            grid.append(line)
        return [line for line in grid if any(line)]

    def _put_cell(self, cell: _Element, line: list[str], above: list[str]) -> None:
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
        if continues and len(line) < len(above):
            line.append(above[len(line)])
        else:
            line.append(" ".join(part for part in self._blocks(cell) if part))
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        line.extend(
            "" for _ in range(int(span.get(f"{_W}val", "1")) - 1 if span is not None else 0)
        )


def _numbering_root(document: Any) -> _Element | None:
    try:
        root: _Element = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return None
    return root


def _texts(element: _Element) -> Iterator[str]:
    """The text of a paragraph without deleted text, field codes and text boxes."""
    for child in element:
        if child.tag in (f"{_W}t", f"{_W}delText") and child.text:
            yield child.text
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in _SKIPPED and child.tag != f"{_W}txbxContent":
            yield from _texts(child)


def _text_boxes(element: _Element) -> Iterator[_Element]:
    for box in element.iter(f"{_W}txbxContent"):
        if _closest(box, _FALLBACK) is None and _closest(box, f"{_W}p") is element:
            yield box


def _closest(element: _Element, tag: str) -> _Element | None:
    return next(element.iterancestors(tag), None)


def _list_mark(label: str) -> str:
    """`-`, `1.` and `(1)` stand alone; a label in words (`第3条`) is text of a list item."""
    return label if label == "-" or re.match(r"^\(?\w{1,4}[.)）]", label) else f"- {label}"


def _join(label: str, text: str) -> str:
    return f"{label} {text}" if label and label != "-" else text

"""XML spreadsheets of Excel 2003, which many systems export under the suffix `.xls`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.catalog.header import Row
from connectors.catalog.merges import Merge
from connectors.formats.safe_xml import children, line_of, local_name
from connectors.formats.sheets import Sheet, reading_of
from connectors.reading import Reading
from connectors.settings import DEFAULT_READING, ReadingSettings

if TYPE_CHECKING:
    from lxml.etree import _Element

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MAX_COLUMNS = 16_384


def is_spreadsheet(root: _Element) -> bool:
    """By the root element and its namespace."""
    return bool(root.tag == f"{_SS}Workbook")


def read_spreadsheet(root: _Element, settings: ReadingSettings = DEFAULT_READING) -> Reading:
    """Parts `sheet NAME`, products where one is a catalogue; hidden ones left out with a note."""
    return reading_of("", _sheets(root), settings)


def _sheets(root: _Element) -> Iterator[Sheet]:
    for sheet in children(root, "Worksheet"):
        name = str(sheet.get(f"{_SS}Name") or "")
        if _is_hidden(sheet):
            yield Sheet(name, is_hidden=True)
        else:
            merges: list[Merge] = []
            yield Sheet(name, list(_rows(sheet, merges)), merges)


def _is_hidden(sheet: _Element) -> bool:
    return any(
        "Hidden" in line_of(element) for element in sheet.iter() if local_name(element) == "Visible"
    )


def _rows(sheet: _Element, merges: list[Merge]) -> Iterator[Row]:
    number = 0
    for table in children(sheet, "Table"):
        for row in children(table, "Row"):
            number = _number(row, "Index", number + 1)
            cells = _cells(row, number, merges)
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells
            number += _number(row, "Span", 0)


def _cells(row: _Element, number: int, merges: list[Merge]) -> list[str]:
    line: list[str] = []
    for cell in children(row, "Cell"):
        column = min(_number(cell, "Index", len(line) + 1) - 1, _MAX_COLUMNS)
        line += [""] * (column - len(line))
        column = len(line)
        across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
        across = min(across, _MAX_COLUMNS)
        if across or down:
            merges.append(Merge(number, number + min(down, 100_000), column, column + across))
        line += [_value(cell), *[""] * across]
    return line


def _value(cell: _Element) -> str:
    data = next(children(cell, "Data"), None)
    if data is None:
        return ""
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{_SS}Type")
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")
    if kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    return text


def _number(element: _Element, name: str, default: int) -> int:
    value = str(element.get(f"{_SS}{name}") or "")
    return int(value) if value.isdecimal() and len(value) < 8 else default

"""OpenDocument spreadsheets: one Part per sheet, products where a sheet is a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.catalog.header import Row
from connectors.catalog.merges import Merge
from connectors.errors import UnreadableFile
from connectors.formats.odf import (
    OFFICE,
    TABLE,
    TEXT,
    OdfDocument,
    open_odf,
    repeated,
    style_property,
)
from connectors.formats.odf_text import inline_text
from connectors.formats.safe_xml import children
from connectors.formats.sheets import Sheet, reading_of
from connectors.reading import InputFile, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_MAX_CELLS = 5_000_000
_GROUPS = frozenset(
    f"{TABLE}{name}" for name in ("table-row-group", "table-header-rows", "table-rows")
)


def read(file: InputFile) -> Reading:
    """Parts `sheet NAME`; hidden sheets left out with a note. Formulas show their last value."""
    document = open_odf(file.path, "spreadsheet")
    return reading_of(document.title, _sheets(document), file.settings)


def _sheets(document: OdfDocument) -> Iterator[Sheet]:
    for sheet in document.body.iterchildren(f"{TABLE}table"):
        name = str(sheet.get(f"{TABLE}name") or "")
        style = str(sheet.get(f"{TABLE}style-name") or "")
        if style_property(document.styles, style, f"{TABLE}display") == "false":
            yield Sheet(name, is_hidden=True)
        else:
            rows = _Rows()
            yield Sheet(name, list(rows.of(sheet)), rows.merges)


class _Rows:
    """Counts a sheet's rows and cells, and collects its merged ranges."""

    def __init__(self) -> None:
        self.merges: list[Merge] = []
        self._number = 0
        self._cells = 0

    def of(self, parent: _Element) -> Iterator[Row]:
        """(row number, cells) of rows that aren't blank, without the empty cells at the end."""
        for element in children(parent):
            if element.tag in _GROUPS:
                yield from self.of(element)
            elif element.tag == f"{TABLE}table-row":
                yield from self._row(element)

    def _row(self, row: _Element) -> Iterator[Row]:
        line: list[str] = []
        for cell in children(row):
            if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                self._note_merge(cell, len(line))
                left = _MAX_COLUMNS - len(line)
                line += [_value(cell)] * min(
                    repeated(cell, "number-columns-repeated", _MAX_COLUMNS), left
                )
        while line and not line[-1]:
            line.pop()
        copies = repeated(row, "number-rows-repeated", _MAX_ROWS)
        if line:
            self._cells += len(line) * copies
            if self._cells > _MAX_CELLS:
                raise UnreadableFile(
                    "too-large", "A sheet has over 5 million cells.", remedy="Split it."
                )
            yield from ((self._number + copy, line) for copy in range(1, copies + 1))
        self._number += copies

    def _note_merge(self, cell: _Element, column: int) -> None:
        down = repeated(cell, "number-rows-spanned", _MAX_ROWS)
        across = repeated(cell, "number-columns-spanned", _MAX_COLUMNS)
        if down > 1 or across > 1:
            first = self._number + 1
            self.merges.append(Merge(first, first + down - 1, column, column + across - 1))


def _value(cell: _Element) -> str:
    """A cell as the sheet shows it; the stored value where it shows none."""
    shown = "\n".join(inline_text(p) for p in cell.iterchildren(f"{TEXT}p")).strip()
    names = ("string-value", "date-value", "time-value", "value", "boolean-value")
    stored = (str(cell.get(f"{OFFICE}{name}") or "") for name in names)
    return shown or next(filter(None, stored), "")

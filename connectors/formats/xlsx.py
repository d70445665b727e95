"""Excel workbooks: one Part per sheet, products where a sheet is a catalogue.

Sheets are streamed: openpyxl's full model takes fifty times the file's size in memory. Streaming
leaves out merged ranges, so they are read from the sheet's XML beside it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from connectors.catalog.header import Row
from connectors.catalog.merges import Merge
from connectors.formats.ooxml import PACKAGE_ERRORS, broken, open_package
from connectors.formats.sheets import Sheet, reading_of
from connectors.reading import InputFile, Reading

_MERGE = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]+)(\d+):([A-Z]+)(\d+)\"")
_CHUNK = 1 << 20
_TAIL = 200  # bytes kept between chunks: longer than one mergeCell element


def read(file: InputFile) -> Reading:
    """Parts `sheet NAME`; hidden sheets are left out with a note."""
    path = file.path
    import openpyxl

    package = open_package(path, "xl/workbook.xml")
    try:
        book = openpyxl.load_workbook(package, read_only=True, data_only=True, keep_links=False)
        title = str(book.properties.title or "").strip()
        return reading_of(title, _sheets(book, package), file.settings)
    except (*PACKAGE_ERRORS, TypeError) as exc:
        raise broken(path.suffix) from exc


def _sheets(book: Any, package: BytesIO) -> Iterator[Sheet]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield Sheet(sheet.title, is_hidden=True)
            continue
        sheet.reset_dimensions()  # some programs state A1:A1
        merges = _merges(package, sheet._worksheet_path)
        yield Sheet(sheet.title, list(_rows(sheet)), merges)


def _rows(sheet: Any) -> Iterator[Row]:
    """(row number, cells) of rows that aren't blank, without the empty cells at the end."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = [_cell_text(cell) for cell in cells]
        while values and not values[-1]:
            values.pop()
        if values:
            yield number, values


def _cell_text(cell: Any) -> str:
    """A cell about as the sheet shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _shown_number(value, cell.number_format)
    return _shown(value)


def _shown(value: Any) -> str:
    """Dates, times and the rest."""
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ", timespec="minutes")
        return text.removesuffix(" 00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(value).strip()


def _shown_number(value: float, number_format: str) -> str:
    """With the format's decimals, thousands, per cent, leading zeros and currency sign."""
    if number_format == "General" and isinstance(value, int):
        return str(value)
    positive = number_format.split(";", maxsplit=1)[0]
    pattern = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.|_.', "", positive)
    percent = "%" in pattern
    number = value * 100 if percent else value
    if pattern in ("General", "@", "") or not re.search("[0#]", pattern):
        text = f"{number:.15g}"
        return text if "e" not in text else str(value)
    if re.fullmatch("0+", pattern):
        return f"{round(number):0{len(pattern)}d}"
    decimals = re.search(r"\.(0+)(#*)", pattern)
    text = f"{number:{',' if ',' in pattern else ''}.{len(decimals[1]) if decimals else 0}f}"
    sign = re.search(r"[¥￥$€£]", positive)
    unit = re.search(r'[0#]"?\s*([円個])', positive)
    return f"{sign[0] if sign else ''}{text}{'%' if percent else ''}{unit[1] if unit else ''}"


def _merges(package: BytesIO, sheet_path: str) -> tuple[Merge, ...]:
    """The merged ranges of a sheet, found in a stream of its XML."""
    from openpyxl.utils import column_index_from_string

    found: list[tuple[bytes, ...]] = []
    with zipfile.ZipFile(package) as archive, archive.open(sheet_path.lstrip("/")) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            matches = list(_MERGE.finditer(text))
            found += [match.groups() for match in matches]
            seen = matches[-1].end() if matches else 0
            tail = text[max(seen, len(text) - _TAIL) :]
    return tuple(
        Merge(
            int(first_row),
            int(last_row),
            column_index_from_string(first.decode()) - 1,
            column_index_from_string(last.decode()) - 1,
        )
        for first, first_row, last, last_row in found
    )

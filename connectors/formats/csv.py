"""CSV and TSV, of any encoding and delimiter: products where it is a catalogue, else table rows.

A file without a header row takes its column names from `header.csv` in the same folder, where that
is equally wide (its first row the names; a row of units is used). `header.csv` itself is read as a
plain table.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

from connectors.catalog.header import Row, looks_like_header, unit_row
from connectors.catalog.table import Table, read_table
from connectors.encoding import decode
from connectors.formats.text import encoding_notes
from connectors.reading import InputFile, Reading
from connectors.records import Part

_DELIMITERS = ",;\t|#"
_HEADER_FILE = "header.csv"
_SNIFFED_ROWS = 50


def read(file: InputFile) -> Reading:
    """Products with locators `row N`: N counts records from 1, a header row included."""
    path = file.path
    decoded = decode(path.read_bytes())
    table, notes = _with_header(parse_rows(decoded.text), path)
    content = read_table(replace(table, corrections=file.settings.columns))
    text = "\n".join(content.lines)
    parts = (Part("", text + "\n"),) if text.strip() else ()
    notes = (*encoding_notes(decoded), *notes, *content.notes)
    return Reading("", parts, content.products, notes)


def parse_rows(text: str) -> list[Row]:
    """(record number from 1, cells) of every record that isn't blank."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the default of 128 KiB refuses long texts
    records = csv.reader(StringIO(text), delimiter=sniff_delimiter(text))
    rows = ((number, [cell.strip() for cell in row]) for number, row in enumerate(records, 1))
    return [(number, row) for number, row in rows if any(row)]


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first records into the same number of cells, over one."""
    sample = text[:100_000]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        records = csv.reader(StringIO(sample), delimiter=delimiter)
        widths = Counter(
            len(row) for row, _ in zip(records, range(_SNIFFED_ROWS), strict=False) if any(row)
        )
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 1))
        score = rows / max(widths.total(), 1) * (width > 1) + min(width, 100) / 1000
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _with_header(rows: list[Row], path: Path) -> tuple[Table, tuple[str, ...]]:
    if path.name.lower() == _HEADER_FILE:
        return Table(rows, plain=True), ()
    if not rows or looks_like_header(rows):
        return Table(rows, has_header=bool(rows)), ()
    header = _header_file_rows(path, width=len(rows[0][1]))
    if not header:
        return Table(rows, has_header=False), ()
    note = f"column names taken from {_HEADER_FILE}"
    return Table([*header, *rows], header_rows=len(header), has_header=True), (note,)


def _header_file_rows(path: Path, width: int) -> list[Row]:
    header_path = path.parent / _HEADER_FILE
    if not header_path.is_file():
        return []
    rows = parse_rows(decode(header_path.read_bytes()).text)
    if not rows or len(rows[0][1]) != width:
        return []
    units = unit_row([row for _, row in rows])
    names = (0, rows[0][1])
    return [names] if units is None else [names, (-1, rows[units][1])]

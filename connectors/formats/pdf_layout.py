"""A PDF page's text in reading order: lines, and rows of tables, from where the letters stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from connectors.formats.pdf_columns import regions_of
from connectors.formats.pdf_grids import RuledTable, ruled_tables
from connectors.formats.pdf_lines import Row, TextLine
from connectors.formats.pdf_pieces import Glyph, Piece, pieces_of, upright
from connectors.formats.pdf_rules import Rules
from connectors.formats.pdf_tables import blocks_of, table_cells

_PARAGRAPH_GAP = 0.9  # times the height, and …
_WIDER = 1.4  # … times the usual gap between lines: a blank line
_SAME_SIZE = 0.3  # points
_INDENT = (0.7, 3.0)  # times the size: a first line that starts further right


def page_lines(glyphs: Sequence[Glyph], rules: Rules) -> list[TextLine]:
    """The lines of a page in the order they are read."""
    lines: list[TextLine] = []
    for group, lines_drawn in upright(glyphs, rules):
        pieces = pieces_of(group, lines_drawn.upright)
        letters = sum(len(p.text) for p in pieces)
        if group and group[0].style.quarter == -1:
            found = [TextLine(p.text, p.size, p.strong) for p in _askew(pieces)]
        elif 2 * sum(len(p.text) for p in pieces if p.vertical) > letters:
            found = _vertical(pieces)
        else:
            found = _level(pieces, lines_drawn)
        if lines and found:
            found[0].apart = True
        lines += found
    return lines


def _askew(pieces: Sequence[Piece]) -> list[Piece]:
    """Text across the page, letter by letter a piece: put together again."""
    if not pieces:
        return []
    first = pieces[0]
    first.text = "".join(p.text for p in pieces)
    return [first]


def _level(pieces: list[Piece], rules: Rules) -> list[TextLine]:
    tables = ruled_tables(pieces, rules)
    taken = {order for table in tables for order in table.taken}
    items = [p for p in pieces if p.order not in taken]
    by_order: dict[int, RuledTable] = {}
    for table in tables:
        order = min(table.taken)
        by_order[order] = table
        items.append(Piece("", table.left, table.right, table.bottom, table.top, 0, False, order))
    if not items:
        return []
    lines: list[TextLine] = []
    for region in regions_of(items):
        found = _region(region, by_order)
        if found and lines:
            found[0].apart = found[0].apart or _starts_anew(lines[-1], found[0])
        lines += found
    return lines


def _region(region: Sequence[Row], tables: Mapping[int, RuledTable]) -> list[TextLine]:
    """Rows of text with the ruled tables between them."""
    lines: list[TextLine] = []
    stretch: list[Row] = []

    def put(found: list[TextLine]) -> None:
        if found and lines:
            found[0].apart = True
        lines.extend(found)

    for row in region:
        here = [tables[p.order] for p in row if not p.text and p.order in tables]
        beside = [p for p in row if p.text]
        if not here:
            stretch.append(row)
            continue
        put(_stretch(stretch))
        stretch = []
        put(_stretch([beside] if beside else []))
        for table in here:
            put(_rows(table.rows))
    put(_stretch(stretch))
    return lines


def _starts_anew(before: TextLine, line: TextLine) -> bool:
    """Whether a new region is a new paragraph: not where a column breaks a sentence."""
    goes_on = line.top > before.top and abs(before.size - line.size) < _SAME_SIZE
    return bool(before.cells or line.cells) or not (goes_on and _is_open(before.text))


def _is_open(text: str) -> bool:
    return not text.rstrip().endswith((".", "。", "!", "?", "！", "？", "」", ":", "："))


def _stretch(rows: Sequence[Row]) -> list[TextLine]:
    lines: list[TextLine] = []
    for is_table, block in blocks_of(rows):
        found = _rows(table_cells(block)) if is_table else _prose(block)
        if lines and found and (is_table or lines[-1].cells):
            found[0].apart = True
        lines += found
    return lines


def _rows(rows: Sequence[tuple[str, ...]]) -> list[TextLine]:
    found = [TextLine(" ".join(filter(None, cells)), cells=cells) for cells in rows]
    if found:
        found[0].apart = True
    return found


def _prose(rows: Sequence[Row]) -> list[TextLine]:
    """Lines of text; a blank line goes before one that stands apart or is indented."""
    gaps = [upper[0].bottom - lower[0].top for upper, lower in pairwise(rows)]
    usual = median(gaps) if gaps else 0.0
    edge = min((row[0].left for row in rows), default=0.0)
    lines: list[TextLine] = []
    for place, row in enumerate(rows):
        text = "  ".join(piece.text for piece in row)
        biggest = max(row, key=lambda p: len(p.text))
        strong = all(piece.strong for piece in row)
        line = TextLine(text, biggest.size, strong, alone=len(row) == 1, top=biggest.top)
        if place:
            height = row[0].height
            gap = gaps[place - 1]
            apart = gap > _PARAGRAPH_GAP * height and gap > usual + 0.4 * height
            line.apart = apart or _is_indented(rows[place - 1], row, edge)
        lines.append(line)
    return lines


def _is_indented(before: Row, row: Row, edge: float) -> bool:
    low, high = (share * row[0].size for share in _INDENT)
    return low < row[0].left - edge < high and before[0].left - edge < low / 2


def _vertical(pieces: Sequence[Piece]) -> list[TextLine]:
    """Columns from right to left, in bands from the top down where the page is set in several."""
    lines: list[TextLine] = []
    for band in _bands(pieces):
        columns: list[list[Piece]] = []
        for piece in sorted(band, key=lambda p: -(p.left + p.right)):
            if columns and _same_column(columns[-1][0], piece):
                columns[-1].append(piece)
            else:
                columns.append([piece])
        for place, column in enumerate(columns):
            column.sort(key=lambda p: -p.top)
            text = column[0].text
            for above, below in pairwise(column):
                wide = above.bottom - below.top > below.size
                text += ("  " if wide else "") + below.text
            size = max(column, key=lambda p: len(p.text)).size
            line = TextLine(text, size, all(p.strong for p in column))
            line.apart = place > 0 and _starts_paragraph(columns[place - 1], column)
            lines.append(line)
        if band is not pieces and lines:
            lines[-len(columns)].apart = len(lines) > len(columns)
    return lines


def _starts_paragraph(before: Sequence[Piece], column: Sequence[Piece]) -> bool:
    """A column further from the one before than they mostly stand, or one that starts lower."""
    gap = min(p.left for p in before) - max(p.right for p in column)
    lower = before[0].top - column[0].top
    return gap > _WIDER * column[0].size or 0.7 * column[0].size < lower < 3 * column[0].size


def _same_column(one: Piece, other: Piece) -> bool:
    common = min(one.right, other.right) - max(one.left, other.left)
    return common > 0.5 * min(one.right - one.left, other.right - other.left)


def _bands(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces between horizontal stretches of white across the whole page, from the top."""
    bands: list[list[Piece]] = []
    lowest = 0.0
    for piece in sorted(pieces, key=lambda p: -p.top):
        if not bands or piece.top < lowest - 0.8 * piece.size:
            bands.append([])
            lowest = piece.bottom
        bands[-1].append(piece)
        lowest = min(lowest, piece.bottom)
    return bands

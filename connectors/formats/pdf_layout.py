"""The lines of a PDF page, with the rows of tables put together from the positions of the letters.

PDFium gives the characters in the order of the page's program, column by column where a page has
columns of text. That order is kept: only pieces that follow each other on one baseline are joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pypdfium2

_CELL_GAP = 1.0  # times the height of the font; a space between words is 0.25 to 0.7
_WORD_GAP = 0.12
_SAME_LINE = 0.6  # share of the lower height that two pieces of one line have in common
_LINE_ENDS = "\r\n\x02"  # the last stands for a hyphen that divides a word between two lines
_CELL_LEADING = 0.8  # times the height: two lines of one cell are no further apart
_MAX_CELL_LINES = 3  # lines of one cell that stand between two rows
_MIN_ROWS = 2  # fewer rows with gaps are a heading with a page number, no table


@dataclass(slots=True)
class Piece:
    """Letters that follow each other on one line without a wide gap; units are PDF points."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


Line = list[Piece]


def page_lines(page: pypdfium2.PdfPage) -> list[str]:
    """The page's lines in reading order; table rows as `| a | b |`."""
    textpage = page.get_textpage()
    try:
        lines = _join_lines(list(_pieces(textpage)))
    finally:
        textpage.close()
    rendered: list[str] = []
    for block in _blocks(lines):
        if sum(len(line) > 1 for line in block) >= _MIN_ROWS:
            rendered += _table_rows(block)
        else:
            rendered += ["  ".join(piece.text for piece in line) for line in block]
    return rendered


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Stretches of lines with gaps and without; a cell of several lines does not end a table."""
    blocks: list[list[Line]] = []
    for _, group in groupby(lines, key=lambda line: len(line) > 1):
        block = list(group)
        if len(blocks) > 1 and len(block[0]) > 1 and _are_cells(blocks[-1], blocks[-2] + block):
            block = blocks.pop(-2) + blocks.pop() + block
        blocks.append(block)
    return blocks


def _are_cells(lines: list[Line], rows: list[Line]) -> bool:
    """Whether lines of one piece between rows are further lines of cells: few, and in a column."""
    columns = _columns([row for row in rows if len(row) > 1])
    return len(lines) <= _MAX_CELL_LINES and all(
        any(left - 1 <= line[0].left and line[0].right <= right + 1 for left, right in columns)
        for line in lines
    )


def _pieces(textpage: pypdfium2.PdfTextPage) -> Iterator[Piece]:
    """Pieces in the page's own order; a new one starts at a line end or after a wide gap."""
    current: Piece | None = None
    spaces = ""
    for char, box in _characters(textpage):
        if char in _LINE_ENDS:
            if current is not None:
                current.text += char.strip()
                yield current
            current, spaces = None, ""
        elif box is None or char.isspace():
            spaces += char if current is not None else ""
        elif current is not None and _continues(current, box):
            current.text += spaces + char
            current.left, current.right = min(current.left, box[0]), max(current.right, box[1])
            current.bottom, current.top = min(current.bottom, box[2]), max(current.top, box[3])
            spaces = ""
        else:
            if current is not None:
                yield current
            current, spaces = Piece(char, *box), ""
    if current is not None:
        yield current


Box = tuple[float, float, float, float]


def _characters(textpage: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box | None]]:
    """(character, box as left, right, bottom, top); no box for a space that PDFium made up."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    handle: Any = textpage.raw
    high = 0  # first half of a surrogate pair
    for index in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if raw.FPDFText_IsGenerated(handle, index) == 1:
            yield chr(code), None
            continue
        # The loose box is as high as the font and as wide as the advance, whatever the letter.
        raw.FPDFText_GetLooseCharBox(handle, index, byref(box))
        yield chr(code), (box.left, box.right, box.bottom, box.top)


def _continues(piece: Piece, box: Box) -> bool:
    """Whether a letter belongs to the piece: no gap as wide as between two cells."""
    height = max(piece.top - piece.bottom, box[3] - box[2], 1.0)
    return box[0] - piece.right < _CELL_GAP * height


def _join_lines(pieces: list[Piece]) -> list[Line]:
    """Put a piece on the line of the one before it where it stands to its right, level with it."""
    lines: list[Line] = []
    for piece in pieces:
        before = lines[-1][-1] if lines else None
        if before is None or not _stands_right_of(piece, before):
            lines.append([piece])
        elif _continues(before, (piece.left, piece.right, piece.bottom, piece.top)):
            # PDFium ends a line at some jumps back in the page's program.
            gap = piece.left - before.right
            space = " " if gap > _WORD_GAP * (piece.top - piece.bottom) else ""
            before.text += space + piece.text
            before.right = piece.right
        else:
            lines[-1].append(piece)
    return lines


def _stands_right_of(piece: Piece, before: Piece) -> bool:
    common = min(piece.top, before.top) - max(piece.bottom, before.bottom)
    lower = min(piece.top - piece.bottom, before.top - before.bottom)
    overlap = before.right - piece.left  # kerning
    return overlap < _WORD_GAP * lower and common > _SAME_LINE * lower


def _table_rows(lines: list[Line]) -> list[str]:
    columns = _columns(lines)
    rows: list[list[str]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        cells = _cells(line, columns)
        if before is not None and _is_same_row(rows[-1], cells, before, line):
            rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    for left in range(len(columns) - 2, -1, -1):
        # A heading at the left over numbers at the right: one column that looks like two.
        if not any(row[left] and row[left + 1] for row in rows if len(row) == len(columns)):
            rows = [_merge(row, left) if len(row) == len(columns) else row for row in rows]
            columns.pop()
    return ["| " + " | ".join(row) + " |" for row in rows]


def _is_same_row(row: list[str], cells: list[str], before: Line, line: Line) -> bool:
    """Whether a line goes on with the cell that the row ends in: close below it, not further left.

    Programs write a table row by row and each cell to its end, so a step back is a new row.
    """
    if len(row) != len(cells):
        return False
    last = max(i for i, cell in enumerate(row) if cell)
    first = min(i for i, cell in enumerate(cells) if cell)
    height = line[0].top - line[0].bottom
    below = before[-1].bottom - line[0].top  # negative where the cell's first line is higher
    highest = -(_MAX_CELL_LINES + 0.5) * height
    return first > 0 and last <= first and highest < below < _CELL_LEADING * height


def _merge(row: list[str], left: int) -> list[str]:
    return [*row[:left], row[left] or row[left + 1], *row[left + 2 :]]


def _columns(lines: list[Line]) -> list[tuple[float, float]]:
    """The stretches across the page that hold text in any row: one a column."""
    columns: list[tuple[float, float]] = []
    for piece in sorted((piece for line in lines for piece in line), key=lambda p: p.left):
        if columns and piece.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], piece.right))
        else:
            columns.append((piece.left, piece.right))
    return columns


def _cells(line: Line, columns: list[tuple[float, float]]) -> list[str]:
    """The cells of a row, empty ones included, so that a value stays under its heading."""
    cells = [""] * len(columns)
    for piece in line:
        index = max(i for i, column in enumerate(columns) if column[0] <= piece.left)
        if cells[index]:  # a heading across columns has joined them: the order is all there is
            return [piece.text for piece in line]
        cells[index] = piece.text
    return cells

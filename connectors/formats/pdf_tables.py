"""Tables without ruled lines: rows whose pieces stand in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from connectors.formats.pdf_lines import Row, joined_text
from connectors.formats.pdf_pieces import Piece

_CELL_LEADING = 0.8  # times the height: two lines of one cell are no further apart
_MAX_CELL_LINES = 3  # lines of one cell that stand between two rows
_MIN_ROWS = 2  # fewer rows with gaps are a heading with a page number, no table
_ROW_BREAK = 2.5  # times the height: rows further apart are two tables

Columns = list[tuple[float, float]]


def blocks_of(rows: Sequence[Row]) -> list[tuple[bool, list[Row]]]:
    """(is a table, rows): stretches of rows with gaps and without, in order."""
    blocks: list[list[Row]] = []
    for _, group in groupby(rows, key=lambda row: len(row) > 1):
        block = list(group)
        if len(blocks) > 1 and len(block[0]) > 1 and _are_cells(blocks[-1], blocks[-2] + block):
            block = blocks.pop(-2) + blocks.pop() + block
        blocks.append(block)
    _pull_in(blocks)
    return [(_is_table(block), block) for block in blocks if block]


def _pull_in(blocks: list[list[Row]]) -> None:
    """Give a table the first lines of its first cells and the last ones of its last cells."""
    for index, block in enumerate(blocks):
        if sum(len(row) > 1 for row in block) < _MIN_ROWS:
            continue
        columns = columns_of(block)
        while index and blocks[index - 1] and _goes_on(blocks[index - 1][-1], block[0], columns):
            block.insert(0, blocks[index - 1].pop())
        after = blocks[index + 1] if index + 1 < len(blocks) else []
        while after and _goes_on(block[-1], after[0], columns):
            block.append(after.pop(0))


def _goes_on(upper: Row, lower: Row, columns: Columns) -> bool:
    """Whether a piece of the lower row follows directly, in the same column, one of the upper."""
    return len(columns) > 1 and any(
        below.order == above.order + 1
        and _is_close(above, below)
        and _fits(above, columns)
        and _fits(below, columns)
        and _column(above, columns) == _column(below, columns)
        for above in upper
        for below in lower
    )


def _fits(piece: Piece, columns: Columns) -> bool:
    return any(left - 1 <= piece.left and piece.right <= right + 1 for left, right in columns)


def _is_close(above: Piece, below: Piece) -> bool:
    return above.bottom - below.top < _CELL_LEADING * below.height


def _are_cells(rows: list[Row], around: list[Row]) -> bool:
    """Whether rows of one piece between rows are further lines of cells: few, and in a column."""
    columns = columns_of([row for row in around if len(row) > 1])
    if len(rows) > _MAX_CELL_LINES or len(columns) < 2:
        return False
    return all(_fits(row[0], columns) for row in rows)


def _is_table(rows: list[Row]) -> bool:
    wide = [row for row in rows if len(row) > 1]
    return len(wide) >= _MIN_ROWS and len(columns_of(wide)) > 1


def columns_of(rows: Sequence[Row]) -> Columns:
    """The stretches across the page that hold text in any full row: one a column.

    Rows with fewer pieces than most are left out: one may be a heading over several columns.
    """
    counts = Counter(len(row) for row in rows if len(row) > 1)
    if not counts:
        return []
    usual = max(counts, key=lambda count: (counts[count] * count, count))
    columns: Columns = []
    full = [row for row in rows if len(row) >= usual]
    for piece in sorted((p for row in full for p in row), key=lambda p: p.left):
        if columns and piece.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], piece.right))
        else:
            columns.append((piece.left, piece.right))
    return columns


def table_cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The table's rows with as many cells each; cells of several lines are put together."""
    columns = columns_of([row for row in rows if len(row) > 1])
    grid: list[list[list[str]]] = []
    for group in _grouped(rows, columns):
        cells: list[list[str]] = [[] for _ in columns]
        for row in group:
            for piece in row:
                cells[_column(piece, columns)].append(piece.text)
        grid.append(cells)
    texts = [[joined_text(cell) for cell in row] for row in grid]
    for left in range(len(columns) - 2, -1, -1):
        # A heading at the left over numbers at the right: one column that looks like two.
        if not any(row[left] and row[left + 1] for row in texts):
            texts = [[*r[:left], r[left] or r[left + 1], *r[left + 2 :]] for r in texts]
    return [tuple(row) for row in texts if any(row)]


def _column(piece: Piece, columns: Columns) -> int:
    """The column that the piece has most in common with; for none, the nearest."""
    if piece.right - piece.left > 0:
        common = [min(piece.right, right) - max(piece.left, left) for left, right in columns]
        best = max(range(len(columns)), key=lambda i: common[i])
        first = next(i for i, share in enumerate(common) if share > 0 or i == best)
        return first if common[best] > 0 else best
    return 0


def _grouped(rows: Sequence[Row], columns: Columns) -> list[list[Row]]:
    """Rows of the page that are one row of the table.

    Programs mostly write a table row by row and each cell to its end: a piece that follows the one
    above it in its column is a further line of the same cell, and all rows between go with it.
    """
    linked: set[int] = set()  # places of rows that belong to the one before them
    by_order = {piece.order: (place, piece) for place, row in enumerate(rows) for piece in row}
    links: list[tuple[int, int]] = []
    for order, (place, piece) in by_order.items():
        above_place, above = by_order.get(order - 1, (place, piece))
        same = above_place < place and _column(above, columns) == _column(piece, columns)
        if same and _is_close(above, piece):
            links.append((above_place, place))
    if len(links) <= 0.6 * len(by_order):  # else it is written column by column
        for upper, lower in links:
            if lower - upper <= _MAX_CELL_LINES:
                linked.update(range(upper + 1, lower + 1))
    groups: list[list[Row]] = []
    for place, row in enumerate(rows):
        if place in linked and groups:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups

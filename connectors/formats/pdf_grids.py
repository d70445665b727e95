"""Tables that ruled lines draw: their cells, and the pieces of text in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.formats.pdf_lines import joined_text, rows_of
from connectors.formats.pdf_pieces import Piece
from connectors.formats.pdf_rules import Rule, Rules

_NEAR = 3.0  # points: lines this close are one, and meet
_MIN_FILLED = 0.3  # share of the cells that hold text; fewer are a form's frame or a chart
_MAX_LINES = 300  # across or along; more are no table
_MAX_PIECES = 40  # of one cell; more are text in a frame
_LEAST = 3  # lines each way: two rows and two columns


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that meet: `xs` from the left, `ys` from the top; all rules of the table."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with its place on the page, and the pieces that it took."""

    rows: tuple[tuple[str, ...], ...]
    left: float
    right: float
    bottom: float
    top: float
    taken: frozenset[int]
    """`order` of its pieces."""


def ruled_tables(pieces: Sequence[Piece], rules: Rules) -> list[RuledTable]:
    """The tables among the lines, with their text; frames around prose are none."""
    tables = (_table(grid, pieces) for grid in _grids(rules))
    return [table for table in tables if table is not None]


def _grids(rules: Rules) -> list[Grid]:
    level, upright = _merged(rules.level), _merged(rules.upright)
    if len(level) > _MAX_LINES or len(upright) > _MAX_LINES:
        return []
    groups: list[tuple[set[int], set[int]]] = []  # places of lines that are one frame
    for place, line in enumerate(level):
        across, along = {place}, {n for n, other in enumerate(upright) if _meet(line, other)}
        apart = []
        for group in groups:
            if group[1].isdisjoint(along):
                apart.append(group)
            else:
                across |= group[0]
                along |= group[1]
        groups = [*apart, (across, along)]
    grids = []
    for found in groups:
        lines, uprights = [level[n] for n in found[0]], [upright[n] for n in found[1]]
        xs, ys = _places(rule.at for rule in uprights), _places(rule.at for rule in lines)
        if len(xs) >= 2 and len(ys) >= 2 and len(xs) + len(ys) >= 2 * _LEAST - 1:
            grids.append(Grid(tuple(xs), tuple(reversed(ys)), tuple(lines), tuple(uprights)))
    return grids


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line that touch, as one."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (round(r.at), r.start)):
        last = out[-1] if out else None
        same = last is not None and abs(last.at - rule.at) < 1.5 and rule.start <= last.end + _NEAR
        if last is not None and same:
            out[-1] = Rule(last.at, min(last.start, rule.start), max(last.end, rule.end))
        else:
            out.append(rule)
    return out


def _meet(line: Rule, upright: Rule) -> bool:
    return (
        line.start - _NEAR <= upright.at <= line.end + _NEAR
        and upright.start - _NEAR <= line.at <= upright.end + _NEAR
    )


def _places(values: Iterable[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _table(grid: Grid, pieces: Sequence[Piece]) -> RuledTable | None:
    left, right, top, bottom = grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
    inside = [
        p
        for p in pieces
        if left - _NEAR < (p.left + p.right) / 2 < right + _NEAR
        and bottom - 1 < (p.top + p.bottom) / 2 < top + 1
    ]
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    owner = _owners(grid)
    cells: dict[tuple[int, int], list[Piece]] = {}
    for piece in inside:
        row = _index([-y for y in grid.ys], -(piece.top + piece.bottom) / 2)
        # A heading that is set across cells starts in its first one.
        column = _index(list(grid.xs), min(piece.left + 1, (piece.left + piece.right) / 2))
        cells.setdefault(owner[row, column], []).append(piece)
    if not _is_table(cells, height, width, len(set(owner.values()))):
        return None
    texts = {place: _cell_text(found) for place, found in cells.items()}
    rows = [
        tuple(
            # A cell over several rows says what it says of each of them.
            texts.get(owner[r, c], "") if owner[r, c][1] == c else ""
            for c in range(width)
        )
        for r in range(height)
    ]
    filled = tuple(row for row in rows if any(row))
    used = [c for c in range(width) if any(row[c] for row in filled)]
    filled = tuple(tuple(row[c] for c in used) for row in filled)
    return RuledTable(filled, left, right, bottom, top, frozenset(p.order for p in inside))


def _is_table(
    cells: dict[tuple[int, int], list[Piece]], height: int, width: int, count: int
) -> bool:
    if height * width < 2 or len(cells) < 2:
        return False
    rows, columns = {place[0] for place in cells}, {place[1] for place in cells}
    longest = max(len(found) for found in cells.values())
    if len(columns) < 2 or len(rows) < 2 or longest > _MAX_PIECES:
        return False
    return len(cells) >= _MIN_FILLED * count


def _index(edges: Sequence[float], value: float) -> int:
    """Which stretch between ascending edges the value lies in; the outer ones are open."""
    for index in range(len(edges) - 2, 0, -1):
        if value >= edges[index]:
            return index
    return 0


def _owners(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) → the cell that it belongs to, where no line divides it from that one."""
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    upright = [[r for r in grid.upright if abs(r.at - x) <= _NEAR] for x in grid.xs]
    level = [[r for r in grid.level if abs(r.at - y) <= _NEAR] for y in grid.ys]
    for row in range(height):
        middle = (grid.ys[row] + grid.ys[row + 1]) / 2
        for column in range(width):
            centre = (grid.xs[column] + grid.xs[column + 1]) / 2
            place = (row, column)
            if column and not _divided(upright[column], middle):
                place = owner[row, column - 1]
            elif row and not _divided(level[row], centre):
                place = owner[row - 1, column]
            owner[row, column] = place
    return owner


def _divided(rules: Sequence[Rule], along: float) -> bool:
    return any(r.start <= along <= r.end for r in rules)


def _cell_text(pieces: Sequence[Piece]) -> str:
    return joined_text([piece.text for row in rows_of(pieces) for piece in row])

"""The reading order of a PDF page: columns of text after each other, headings across them between.

The page's program mostly has the right order already, but not always (text that was edited, layers
of OCR). So the order comes from where the pieces stand; the program's order only helps to tell
columns of prose from the columns of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from connectors.formats.pdf_lines import Row, rows_of
from connectors.formats.pdf_pieces import Piece

_BIN = 2.0  # points
_NARROWEST = 8.0  # points: a gutter between columns
_MIDDLE = (0.12, 0.88)  # where in the width a gutter may stand
_MAX_CROSSING = 0.3  # share of the pieces that may cross it: headings, pictures' captions
_WHITE = 0.9  # times the height: white behind a page's header or number
_FEW = 3  # pieces of such a line
_LEAST_ROWS = 3
_SHORT = 12.0  # half-width letters: a cell
_LONG = 28.0
_FULL = 0.7
_MAX_DEPTH = 6


def regions_of(pieces: Sequence[Piece], depth: int = 0) -> list[list[Row]]:
    """Stretches of the page in reading order, each as rows from the top down."""
    if depth == 0:
        top, pieces, bottom = _peeled(pieces)
        middle = regions_of(pieces, 1) if pieces else []
        return [*([rows_of(top)] if top else []), *middle, *([rows_of(bottom)] if bottom else [])]
    if len(pieces) >= 2 * _LEAST_ROWS and depth < _MAX_DEPTH:
        for gutter in _gutters(pieces):
            parts = _split(pieces, gutter)
            if parts is not None:
                return [region for part in parts for region in regions_of(part, depth + 1)]
    return [rows_of(pieces)]


def _peeled(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """The page without the lines that stand by themselves at its top and bottom: page headers and
    numbers are in no column."""
    order = sorted(pieces, key=lambda p: -p.top)
    usual = median(p.size for p in pieces) if pieces else 0.0
    first = _alone([(-p.top, -p.bottom, p) for p in order], usual)
    upward = sorted(order[first:], key=lambda p: p.bottom)
    last = _alone([(p.bottom, p.top, p) for p in upward], usual)
    return order[:first], upward[last:], upward[:last]


def _alone(spans: Sequence[tuple[float, float, Piece]], usual: float) -> int:
    """How many of the first (start, end, piece) form one line with white behind it; several larger
    pieces are none, but headings of columns."""
    if len(spans) < 2:
        return 0
    end, count = spans[0][1], 0
    for start, stop, piece in spans:
        if start >= end:
            first = [p for _, _, p in spans[:count]]
            small = all(p.text and (count == 1 or p.size <= usual) for p in first)
            return count if start - end > _WHITE * piece.height and count <= _FEW and small else 0
        end, count = max(end, stop), count + 1
    return 0


def _gutters(pieces: Sequence[Piece]) -> list[float]:
    """Where few pieces cross: the emptiest and widest stretches of the middle first."""
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    bins = int((right - left) / _BIN) + 1
    if bins < 20 or bins > 5000:
        return []
    cover = [0] * (bins + 1)
    for piece in pieces:
        for place in range(int((piece.left - left) / _BIN), int((piece.right - left) / _BIN) + 1):
            cover[min(place, bins)] += 1
    low, high = int(_MIDDLE[0] * bins), int(_MIDDLE[1] * bins)
    found: list[tuple[int, int, float]] = []
    for limit in sorted({c for c in cover[low:high] if c <= _MAX_CROSSING * len(pieces)})[:4]:
        start = None
        for place in range(low, high + 1):
            is_open = cover[place] <= limit and place < high
            if is_open and start is None:
                start = place
            elif not is_open and start is not None:
                if (place - start + 1) * _BIN >= _NARROWEST:
                    middle = left + (start + place) / 2 * _BIN
                    found.append((limit, start - place, middle))
                start = None
    return [middle for _, _, middle in sorted(found)[:5]]


def _split(pieces: Sequence[Piece], gutter: float) -> list[list[Piece]] | None:
    """The page cut at the gutter, in bands between the pieces that cross it; None where no band
    is set in columns."""
    bands: list[tuple[bool, list[Piece]]] = []
    for piece in sorted(pieces, key=lambda p: (-(p.top + p.bottom) / 2, p.left)):
        crosses = piece.left < gutter - 1 and piece.right > gutter + 1
        if not bands or bands[-1][0] != crosses:
            bands.append((crosses, []))
        bands[-1][1].append(piece)
    parts: list[list[Piece]] = []
    whole: list[Piece] = []
    for place, (crosses, band) in enumerate(bands):
        left = [p for p in band if (p.left + p.right) / 2 < gutter]
        right = [p for p in band if (p.left + p.right) / 2 >= gutter]
        if not crosses and left and right and _are_columns(left, right):
            below = _headings_below(left, right) if place + 1 < len(bands) else []
            if whole:
                parts.append(whole)
            parts += [[p for p in left if p not in below], right]
            whole = below
        else:
            whole = whole + band
    if not parts:
        return None
    if whole:
        parts.append(whole)
    return parts


def _headings_below(left: Sequence[Piece], right: Sequence[Piece]) -> list[Piece]:
    """Larger letters at the end of the left column, below the right one: they head what follows
    over both columns."""
    usual = median(p.size for p in left)
    lowest = min(p.bottom for p in right)
    found: list[Piece] = []
    for piece in sorted(left, key=lambda p: p.bottom):
        if piece.size <= 1.1 * usual or piece.top > lowest:
            break
        found.append(piece)
    return found


def _are_columns(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether the two sides are columns of text, read one after the other, and no table."""
    sides = [rows_of(_copies(left)), rows_of(_copies(right))]
    fewest = min(len(side) for side in sides)
    if fewest < _LEAST_ROWS:
        return False
    lengths = [median(_length(p.text) for row in side for p in row) for side in sides]
    switches = _switches(left, right)
    if switches <= max(3, 0.3 * fewest):  # the program writes one side after the other
        cells = min(lengths) < _SHORT and max(lengths) < 3 * _SHORT
        return not (cells and _aligned(*sides) >= 0.8)
    fills = [_fill(side) for side in sides]
    return fewest > _LEAST_ROWS and min(fills) >= _FULL and min(lengths) >= _LONG


def _copies(pieces: Sequence[Piece]) -> list[Piece]:
    return [replace(piece) for piece in pieces]


def _switches(left: Sequence[Piece], right: Sequence[Piece]) -> int:
    """How often the page's program goes from one side to the other."""
    order = sorted([(p.order, 0) for p in left] + [(p.order, 1) for p in right])
    return sum(a[1] != b[1] for a, b in pairwise(order))


def _length(text: str) -> int:
    """In half-width letters."""
    return sum(2 if char >= "\u2e80" else 1 for char in text)


def _aligned(left: Sequence[Row], right: Sequence[Row]) -> float:
    """Share of the shorter side's rows that stand level with one of the other side."""
    short, long = sorted((left, right), key=len)
    bases = [row[0].bottom for row in long]
    level = sum(any(abs(row[0].bottom - base) < 1.5 for base in bases) for row in short)
    return level / len(short)


def _fill(rows: Sequence[Row]) -> float:
    """How much of its column's width a row mostly takes."""
    width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    return median(row[-1].right - row[0].left for row in rows) / max(width, 1.0)

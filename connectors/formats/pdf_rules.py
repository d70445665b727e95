"""The ruled lines of a PDF page: what divides the cells of a table."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pypdfium2

_THIN = 3.0  # points: a filled rectangle no thicker than this is a line
_SHORTEST = 4.0
_SLANT = 0.7
_MAX_RULES = 6000  # more are a drawing
_MAX_SEGMENTS = 400  # of one path; more are an outline
_MAX_DEPTH = 3  # of forms inside forms

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis: `at` across its direction, `start` < `end` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of a page, and how much of it pictures cover (0…1)."""

    level: tuple[Rule, ...] = ()
    upright: tuple[Rule, ...] = ()
    pictures: float = 0.0


def rules_of(page: pypdfium2.PdfPage) -> Rules:
    """All lines and edges of rectangles along the axes; none for a page that is a drawing."""
    from pypdfium2 import raw

    level: list[Rule] = []
    upright: list[Rule] = []
    width, height = page.get_size()
    covered = 0.0
    for handle, matrix in _objects(page.raw, _SAME, 0):
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = _bounds(handle, matrix)
            covered += abs(right - left) * abs(top - bottom)
        elif kind == raw.FPDF_PAGEOBJ_PATH and len(level) + len(upright) <= _MAX_RULES:
            for start, end in _edges(handle, matrix):
                _add(start, end, level, upright)
    if len(level) + len(upright) > _MAX_RULES:
        level, upright = [], []
    share = covered / (width * height) if width * height > 0 else 0.0
    return Rules(tuple(level), tuple(upright), share)


def _objects(page: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """The page's objects with the matrix of the form they stand in."""
    from pypdfium2 import raw

    count, get = (
        (raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject)
        if depth == 0
        else (raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
    )
    for index in range(count(page)):
        handle = get(page, index)
        if raw.FPDFPageObj_GetType(handle) != raw.FPDF_PAGEOBJ_FORM:
            yield handle, matrix
        elif depth < _MAX_DEPTH:
            yield from _objects(handle, _times(_matrix(handle), matrix), depth + 1)


def _matrix(handle: Any) -> Matrix:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, byref(matrix)):
        return _SAME
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    m, n, o, p, q, r = then
    x, y = e * m + f * o + q, e * n + f * p + r
    return (a * m + b * o, a * n + b * p, c * m + d * o, c * n + d * p, x, y)


def _moved(point: Point, matrix: Matrix) -> Point:
    x, y = point
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _bounds(handle: Any, matrix: Matrix) -> tuple[float, float, float, float]:
    from pypdfium2 import raw

    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    low = _moved((left.value, bottom.value), matrix)
    high = _moved((right.value, top.value), matrix)
    return min(low[0], high[0]), min(low[1], high[1]), max(low[0], high[0]), max(low[1], high[1])


def _edges(handle: Any, outer: Matrix) -> Iterator[tuple[Point, Point]]:
    """The straight edges that are seen: strokes, and the middle lines of thin filled boxes."""
    from pypdfium2 import raw

    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(handle, byref(fill), byref(stroke))
    if not stroke.value:
        left, bottom, right, top = _bounds(handle, outer)
        if fill.value and top - bottom <= _THIN:
            middle = (bottom + top) / 2
            yield (left, middle), (right, middle)
        elif fill.value and right - left <= _THIN:
            middle = (left + right) / 2
            yield (middle, bottom), (middle, top)
        return
    if raw.FPDFPath_CountSegments(handle) <= _MAX_SEGMENTS:
        yield from _segments(handle, _times(_matrix(handle), outer))


def _segments(handle: Any, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
    from pypdfium2 import raw

    x, y = c_float(), c_float()
    begin = last = (0.0, 0.0)
    for index in range(raw.FPDFPath_CountSegments(handle)):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        point = _moved((x.value, y.value), matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield point, begin
            last = begin


def _add(start: Point, end: Point, level: list[Rule], upright: list[Rule]) -> None:
    wide, high = abs(start[0] - end[0]), abs(start[1] - end[1])
    if high <= _SLANT and wide >= _SHORTEST:
        ends = sorted((start[0], end[0]))
        level.append(Rule((start[1] + end[1]) / 2, ends[0], ends[1]))
    elif wide <= _SLANT and high >= _SHORTEST:
        ends = sorted((start[1], end[1]))
        upright.append(Rule((start[0] + end[0]) / 2, ends[0], ends[1]))

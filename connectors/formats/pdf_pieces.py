"""The letters of a PDF page in pieces: what follows on one line, or one column, without a gap."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import byref, c_void_p, create_string_buffer
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.formats.pdf_rules import Rule, Rules

if TYPE_CHECKING:
    import pypdfium2

CELL_GAP = 1.0  # times the height of the font; a space between words is 0.25 to 0.7
_SAME_LINE = 0.5  # share of the lower height that two letters of one line have in common
_LINE_ENDS = "\r\n\x02"  # the last stands for a hyphen that divides a word between two lines
_STRONG = re.compile(r"bold|black|heavy|demi|gothic|ゴシック|[-_]w[6-9]|hgs?[gp]?e|futo", re.I)
_STROKED_TOO = 2  # text render mode of letters that are drawn fat
_LINE_GAP = 0.8  # points: letters closer than this have no line between them
_SAMPLE = 500  # letters, to tell vertical text
_INVISIBLE = (3, 7)
_LIKELY_HEIGHT = (0.7, 1.8)  # times the size of the font


@dataclass(frozen=True, slots=True)
class Style:
    """How the letters of one text object look."""

    size: float = 0.0
    strong: bool = False
    invisible: bool = False
    pale: bool = False
    """White, nearly white or transparent: seen only on something darker."""
    quarter: int = 0
    """Quarter turns against the page's axes; -1 where it runs askew."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter with its box in PDF points; `box` None for a space or line end made up."""

    char: str
    box: tuple[float, float, float, float] | None
    """Left, right, bottom, top."""
    style: Style


@dataclass(slots=True)
class Piece:
    """Letters that follow each other without a wide gap; units are PDF points."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    strong: bool
    order: int
    """Place in the page's program."""
    vertical: bool = False

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


def glyphs_of(textpage: pypdfium2.PdfTextPage) -> Iterator[Glyph]:
    """The page's letters in the order of its program."""
    from pypdfium2 import raw

    rect = raw.FS_RECTF()
    handle: Any = textpage.raw
    styles: dict[int | None, Style] = {None: Style()}
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
            yield Glyph(chr(code), None, styles[None])
            continue
        thing = raw.FPDFText_GetTextObject(handle, index)
        address = c_void_p.from_buffer(thing).value
        if address not in styles:
            styles[address] = _style(handle, index, thing)
        # The loose box is as high as the font and as wide as the advance, whatever the letter.
        raw.FPDFText_GetLooseCharBox(handle, index, byref(rect))
        box = (rect.left, rect.right, rect.bottom, rect.top)
        yield Glyph(chr(code), box, styles[address])


def _style(handle: Any, index: int, thing: Any) -> Style:
    from pypdfium2 import raw

    angle = raw.FPDFText_GetCharAngle(handle, index)
    turns = angle / (math.pi / 2)
    quarter = round(turns) % 4 if abs(turns - round(turns)) < 0.1 else -1
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    name = create_string_buffer(256)
    raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(thing), name, 256)
    bold = _STRONG.search(name.value.decode("utf-8", "replace")) or mode == _STROKED_TOO
    return Style(
        _size(handle, index, thing), bool(bold), mode in _INVISIBLE, _is_pale(thing), quarter
    )


def _size(handle: Any, index: int, thing: Any) -> float:
    """The size of the font as seen, in points; by the box where a form scales it further."""
    from ctypes import c_float

    from pypdfium2 import raw

    size, matrix, rect = c_float(), raw.FS_MATRIX(), raw.FS_RECTF()
    raw.FPDFTextObj_GetFontSize(thing, byref(size))
    raw.FPDFPageObj_GetMatrix(thing, byref(matrix))
    raw.FPDFText_GetLooseCharBox(handle, index, byref(rect))
    across = abs(matrix.b) > abs(matrix.a)
    height = abs(rect.right - rect.left) if across else abs(rect.top - rect.bottom)
    seen = abs(size.value) * math.hypot(matrix.c, matrix.d)
    low, high = _LIKELY_HEIGHT
    return seen if low * seen <= height <= high * seen else height / 1.15


def _is_pale(thing: Any) -> bool:
    from ctypes import c_uint

    from pypdfium2 import raw

    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not raw.FPDFPageObj_GetFillColor(thing, byref(red), byref(green), byref(blue), byref(alpha)):
        return False
    return min(red.value, green.value, blue.value) >= 235 or alpha.value < 20


def upright(glyphs: Sequence[Glyph], rules: Rules) -> list[tuple[list[Glyph], Rules]]:
    """The letters by the direction they run in, most first, each turned so that it runs to the
    right; the page's lines turn with them."""
    counts = Counter(g.style.quarter for g in glyphs if g.box)
    if not counts:
        return []
    if len(counts) == 1 and counts[0]:
        return [(list(glyphs), rules)]
    if counts[0] and _is_vertical([g for g in glyphs if g.style.quarter == 0][:_SAMPLE]):
        return [(list(glyphs), rules)]
    groups = []
    for quarter, _ in counts.most_common():
        group = _of_quarter(glyphs, quarter)
        turn = max(quarter, 0)
        turned = [Glyph(g.char, _turned(g.box, turn) if g.box else None, g.style) for g in group]
        groups.append((turned, _turned_rules(rules, turn)))
    return groups


def _of_quarter(glyphs: Sequence[Glyph], quarter: int) -> list[Glyph]:
    """The letters of one direction with the spaces and line ends between them."""
    out: list[Glyph] = []
    inside = False
    for glyph in glyphs:
        if glyph.box is not None:
            if not inside and out and glyph.style.quarter == quarter:
                out.append(Glyph("\n", None, glyph.style))
            inside = glyph.style.quarter == quarter
        if inside:
            out.append(glyph)
    return out


def _turned(
    box: tuple[float, float, float, float], quarter: int
) -> tuple[float, float, float, float]:
    left, right, bottom, top = box
    if quarter == 3:
        return bottom, top, -right, -left
    if quarter == 1:
        return -top, -bottom, left, right
    return (-right, -left, -top, -bottom) if quarter == 2 else box


def _turned_rules(rules: Rules, quarter: int) -> Rules:
    if quarter == 0:
        return rules
    sign = {1: (-1, 1), 2: (-1, -1), 3: (1, -1)}[quarter]  # of the new x and the new y

    def turned(lines: tuple[Rule, ...], across: int, along: int) -> tuple[Rule, ...]:
        return tuple(
            Rule(line.at * across, *sorted((line.start * along, line.end * along)))
            for line in lines
        )

    if quarter == 2:
        return Rules(turned(rules.level, -1, -1), turned(rules.upright, -1, -1), rules.pictures)
    # What was upright is level now, and the other way round.
    level = turned(rules.upright, sign[1], sign[0])
    return Rules(level, turned(rules.level, sign[0], sign[1]), rules.pictures)


def _is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Whether most letters stand below the one before them."""
    below = beside = 0
    before: tuple[float, float, float, float] | None = None
    for glyph in glyphs:
        box = glyph.box
        if box is None:
            before = None if glyph.char in _LINE_ENDS else before
            continue
        if before is not None:
            below += _stands_below(before, box)
            beside += before[0] < box[0] and _level(before, box)
        before = box
    return below > beside


def _stands_below(
    above: tuple[float, float, float, float], box: tuple[float, float, float, float]
) -> bool:
    width = max(above[1] - above[0], box[1] - box[0], 1.0)
    same = abs((above[0] + above[1]) - (box[0] + box[1])) / 2 < 0.3 * width
    return same and box[3] <= above[2] + 0.4 * width and above[2] - box[3] < 1.5 * width


def _level(
    left: tuple[float, float, float, float], right: tuple[float, float, float, float]
) -> bool:
    common = min(left[3], right[3]) - max(left[2], right[2])
    return common > _SAME_LINE * max(min(left[3] - left[2], right[3] - right[2]), 0.1)


def pieces_of(glyphs: Sequence[Glyph], uprights: Sequence[Rule] = ()) -> list[Piece]:
    """Pieces in the page's own order; a new one starts at a line end, after a wide gap, or behind
    an upright line."""
    uprights = sorted(uprights, key=lambda rule: rule.at)
    pieces: list[Piece] = []
    current: Piece | None = None
    before: tuple[float, float, float, float] | None = None
    strong = count = 0
    spaces = ""

    def close() -> None:
        if current is not None:
            current.strong = strong > 0.8 * count
            pieces.append(current)

    for glyph in glyphs:
        box, char = glyph.box, glyph.char
        if char in _LINE_ENDS:
            if current is not None:
                current.text += char if char == "\x02" else ""
            close()
            current, spaces = None, ""
        elif box is None or char.isspace():
            spaces += _space(char) if current is not None else ""
        elif (
            current is not None
            and before is not None
            and _continues(current, before, box, uprights)
        ):
            _extend(current, spaces + char, before, box)
            before, spaces = box, ""
            strong, count = strong + glyph.style.strong, count + 1
        else:
            close()
            order = len(pieces)
            current = Piece(char, *box, size=glyph.style.size, strong=False, order=order)
            before, spaces = box, ""
            strong, count = int(glyph.style.strong), 1
    close()
    return pieces


def _space(char: str) -> str:
    return char if char == "\u3000" else " "


def _continues(
    piece: Piece,
    before: tuple[float, float, float, float],
    box: tuple[float, float, float, float],
    uprights: Sequence[Rule],
) -> bool:
    single = len(piece.text) == 1
    if (piece.vertical or single) and _stands_below(before, box):
        return True
    if piece.vertical or not _level(before, box):
        return False
    height = max(before[3] - before[2], box[3] - box[2], 1.0)
    gap = box[0] - before[1]
    if not -height < gap < CELL_GAP * height:
        return False
    if gap < _LINE_GAP:
        return True
    middle = (box[2] + box[3]) / 2
    first = bisect_left(uprights, before[1] - 1, key=lambda rule: rule.at)
    last = bisect_right(uprights, box[0] + 1, key=lambda rule: rule.at)
    return not any(rule.start < middle < rule.end for rule in uprights[first:last])


def _extend(
    piece: Piece,
    text: str,
    before: tuple[float, float, float, float],
    box: tuple[float, float, float, float],
) -> None:
    if len(piece.text) == 1 and not _level(before, box):
        piece.vertical = True
    piece.text += text
    piece.left, piece.right = min(piece.left, box[0]), max(piece.right, box[1])
    piece.bottom, piece.top = min(piece.bottom, box[2]), max(piece.top, box[3])

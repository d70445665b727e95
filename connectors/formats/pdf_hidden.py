"""Text that a reader of the page doesn't see: a known way to slip orders to a language model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.formats.pdf_pieces import Glyph
from connectors.formats.pdf_rules import Rules

if TYPE_CHECKING:
    import pypdfium2

_TOO_SMALL = 1.0  # points
_PAPER = 238  # grey value: what is lighter than this is not told from white
_SCAN = 0.4  # share of the page under pictures from which invisible text is the layer of an OCR
_NEAR = 2  # points: invisible letters this close to a visible one say it again
Box = tuple[float, float, float, float]


def seen(
    page: pypdfium2.PdfPage, glyphs: Sequence[Glyph], rules: Rules
) -> tuple[list[Glyph], bool, bool]:
    """(letters that count, whether any were left out as hidden, whether invisible ones stay).

    Left out are letters off the page, too small to read, white on white, and invisible ones where
    a visible one stands. Other invisible ones stay: they are the text of a scan, or can be.
    """
    left, bottom, right, top = _visible_box(page)
    shades: _Shades | None = None
    layered = any(g.style.invisible for g in glyphs)
    places = {_place(g.box) for g in glyphs if layered and g.box and not g.style.invisible}
    kept: list[Glyph] = []
    hidden = invisible = False
    for glyph in glyphs:
        box, style = glyph.box, glyph.style
        if box is None or glyph.char.isspace():
            kept.append(glyph)
            continue
        x, y = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
        gone = not (left <= x <= right and bottom <= y <= top) or style.size < _TOO_SMALL
        if not gone and style.pale and not style.invisible:
            shades = shades or _Shades(page, (left, bottom, right, top))
            gone = shades.lightest(box)
        if gone:
            hidden = True
        elif style.invisible and _near(places, box):
            continue
        else:
            invisible = invisible or (style.invisible and rules.pictures < _SCAN)
            kept.append(glyph)
    return kept, hidden, invisible


def _visible_box(page: pypdfium2.PdfPage) -> Box:
    """The page's crop box inside its media box: left, bottom, right, top."""
    crop, media = page.get_cropbox(), page.get_mediabox()
    box = (
        max(crop[0], media[0]),
        max(crop[1], media[1]),
        min(crop[2], media[2]),
        min(crop[3], media[3]),
    )
    return box if box[0] < box[2] and box[1] < box[3] else media


def _place(box: Box) -> tuple[int, int]:
    return int((box[0] + box[1]) / 2 / _NEAR), int((box[2] + box[3]) / 2 / _NEAR)


def _near(places: set[tuple[int, int]], box: Box) -> bool:
    x, y = _place(box)
    return any((x + i, y + j) in places for i in (-1, 0, 1) for j in (-2, -1, 0, 1, 2))


class _Shades:
    """The page as it is drawn, to see whether anything shows where pale letters stand."""

    def __init__(self, page: pypdfium2.PdfPage, box: Box) -> None:
        self._left, _, _, self._top = box
        self._rotated = page.get_rotation() != 0
        width, height = page.get_size()
        self._scale = min(1.5, 2000 / max(width, height, 1))
        bitmap = page.render(scale=self._scale, grayscale=True)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._pixels = bytes(bitmap.buffer)
        bitmap.close()

    def lightest(self, box: Box) -> bool:
        """Whether the page is as good as white all over the box."""
        if self._rotated:
            return min(self._pixels) >= _PAPER
        first = max(int((box[0] - self._left) * self._scale), 0)
        last = min(int((box[1] - self._left) * self._scale) + 1, self._width)
        upper = max(int((self._top - box[3]) * self._scale), 0)
        lower = min(int((self._top - box[2]) * self._scale) + 1, self._height)
        rows = range(upper, lower)
        cut = (self._pixels[y * self._stride + first : y * self._stride + last] for y in rows)
        return all(min(row, default=255) >= _PAPER for row in cut)

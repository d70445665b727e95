"""A line of a PDF page's text, and how pieces on one level become rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.formats.pdf_pieces import CELL_GAP, Piece

_WORD_GAP = 0.12
_SAME_ROW = 0.5  # share of the lower height that two pieces of one row have in common
_EAST_ASIAN = "\u2e80"  # from here on, characters need no space between two lines

Row = list[Piece]


@dataclass(slots=True)
class TextLine:
    """A line as it will be read; a row of a table has cells."""

    text: str
    size: float = 0.0
    strong: bool = False
    apart: bool = False
    """A blank line goes before it: a new paragraph or block."""
    cells: tuple[str, ...] = ()
    alone: bool = True
    """Nothing else stands on its level."""
    top: float = 0.0
    """Points from the page's bottom."""


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """Pieces on one level, from the top down and from left to right; close ones are joined."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda p: (-(p.top + p.bottom) / 2, p.left)):
        row = next((row for row in rows[-3:] if _are_level(row[0], piece)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return [_joined(sorted(row, key=lambda p: p.left)) for row in rows]


def _are_level(one: Piece, other: Piece) -> bool:
    common = min(one.top, other.top) - max(one.bottom, other.bottom)
    return common > _SAME_ROW * min(one.height, other.height)


def _joined(row: Row) -> Row:
    out: Row = []
    for piece in row:
        last = out[-1] if out else None
        gap = piece.left - last.right if last is not None else 0.0
        joins = last is not None and last.order in (piece.order - 1, piece.order + 1)
        if last is None or not joins or not gap < CELL_GAP * piece.height:
            out.append(piece)
            continue
        last.text += (" " if gap > _WORD_GAP * piece.height else "") + piece.text
        last.right = max(last.right, piece.right)
        last.order = max(last.order, piece.order)
        last.strong = last.strong and piece.strong
    return out


def joined_text(pieces: Sequence[str]) -> str:
    """Lines of one cell or heading as one: with a space, but not between East Asian letters."""
    text = ""
    for piece in (piece.strip() for piece in pieces):
        if not text or not piece:
            text += piece
        elif text.endswith("\x02"):
            text += "\n" + piece
        else:
            glued = text[-1] >= _EAST_ASIAN and piece[0] >= _EAST_ASIAN
            text += piece if glued else f" {piece}"
    return text

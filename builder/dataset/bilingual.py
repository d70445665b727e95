"""Cells that say the same in two languages: `電話 / Phone`."""

from __future__ import annotations

import re

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龯]")


def has_japanese(text: str) -> bool:
    """Whether the text holds Japanese letters."""
    return bool(_JAPANESE.search(text))


def one_language(cell: str, language: str) -> str:
    """The side of a cell that is in the language; the cell itself where it has but one."""
    sides = re.split(r"\s+/\s+", cell)
    japanese = [side for side in sides if has_japanese(side)]
    if len(sides) != 2 or len(japanese) != 1:
        return cell
    other = sides[0] if sides[1] == japanese[0] else sides[1]
    return japanese[0] if language == "ja" else other

"""What a question denies: `kettles that are not black`, `黒以外のケトル`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from builder.products.fillers import is_filler_word
from builder.products.nouns import Group, Nouns
from builder.products.plain import Remaining, compiled

DENIED = compiled(
    r"\b(?:not|without|except(?: for)?|excluding|other than|neither|nor|\w+n't)\b"
    r"|以外|除く|除いた|除き|で(?:は)?ない|じゃない|くない"
)
_BEFORE = re.compile(r"[^\s│のはがをにで、。]+$")
_WORD = re.compile(r"[a-z][a-z'-]*")


def denied(
    text: str, negations: Sequence[re.Match[str]], groups: Sequence[Group], nouns: Nouns
) -> list[Group] | None:
    """The groups with their one value denied; None where something else is."""
    conditions = [condition for group in groups for condition in group.conditions]
    if len(negations) != 1 or len(groups) != 1 or len(conditions) != 1:
        return None
    beside = nouns.take(Remaining(_beside(text, negations[0])))
    if not beside or [one.conditions for one in beside] != [(conditions[0],)]:
        return None
    return [replace(groups[0], conditions=(replace(conditions[0], is_denied=True),))]


def _beside(text: str, negation: re.Match[str]) -> str:
    """The word that is denied: the next one in English, the one before in Japanese."""
    if negation[0].isascii():
        words = _WORD.findall(text[negation.end() :])
        return next((word for word in words if not is_filler_word(word)), "")
    before = _BEFORE.search(text[: negation.start()])
    return before[0] if before else ""

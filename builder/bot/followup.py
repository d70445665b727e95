"""Follow-up questions made whole before retrieval.

A follow-up ("What about Chicago?", "それは有給ですか？") names only what is new. The rule carries
the earlier question's words over; a question that stands on its own is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from builder.records import Message
from builder.text.terms import content_terms

_ENGLISH_CUE = re.compile(
    r"^(?:and|but|so|then|or|ok(?:ay)?|also)\b|^(?:what|how) about\b|^(?:why|when|where|who)\??$"
    r"|\b(?:it|its|that|those|them|they|this|these|he|she|there|one|ones|same|either|then)\b",
    re.IGNORECASE,
)
_JAPANESE_CUE = re.compile(
    r"^(?:じゃあ?|では|それ|その|そこ|これ|この|あれ|あの|同じ|他|ほか|あと|また|なら)"
    r"|(?:場合は|のときは|だと|なら|は)[？?]?$|(?:それ|その|これ|そちら|同じ)"
)
_SHORT = 4  # content terms: fewer than this seldom stand alone


def standalone(question: str, history: Sequence[Message]) -> str:
    """The question to search for: behind the last one before it, where it leans on that."""
    earlier = [turn.content for turn in history if turn.role == "user"]
    if not earlier or not _leans(question):
        return question
    return f"{earlier[-1]} {question}"


def _leans(question: str) -> bool:
    cue = _ENGLISH_CUE.search(question) or _JAPANESE_CUE.search(question)
    return bool(cue) or len(content_terms(question)) < _SHORT

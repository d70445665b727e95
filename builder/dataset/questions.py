"""When two questions are the same."""

from __future__ import annotations

import re

from builder.records import QAPair
from builder.text.terms import normalize

_MARKS = re.compile(r"[\s\W_]+")


def same_question(question: str) -> str:
    """The question without case, width, spaces and marks: equal for two that only look apart."""
    return _MARKS.sub("", normalize(question))


def asked(pair: QAPair) -> str:
    """All that was said before the answer: follow-ups are the same only after
    the same words."""
    return "\n".join((*(turn.content for turn in pair.history), pair.question))

"""How long questions and answers may be."""

from __future__ import annotations

_MOST_WORDS = 40
_MOST_CHARACTERS = {"ja": 100, "en": 320}
_LEAST_CHARACTERS = {"ja": 2, "en": 2}


def fits(answer: str, language: str) -> bool:
    """Whether an answer is short enough to be one."""
    if len(answer) > _MOST_CHARACTERS.get(language, 320):
        return False
    return language == "ja" or len(answer.split()) <= _MOST_WORDS


def too_short(answer: str, language: str) -> bool:
    """Whether an answer says nothing."""
    return len(answer.strip()) < _LEAST_CHARACTERS.get(language, 2)

"""The sentence that is said when the documents do not hold the answer."""

from __future__ import annotations

_REFUSALS = {
    "en": "The documents do not say.",
    "ja": "資料には記載がありません。",
}


def refusal(language: str) -> str:
    """One natural sentence in the language of the question; English where it is not known."""
    return _REFUSALS.get(language, _REFUSALS["en"])

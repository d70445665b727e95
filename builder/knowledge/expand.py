"""A question with the words that the documents use for what it names in others: 有休 →
年次有給休暇, *vacation* → *annual leave*."""

from __future__ import annotations

from collections.abc import Callable

from builder.text.synonyms import Synonyms

WORDS = 1
"""Most words added for one of the question's: 2 and 3 found no more on the two handbooks."""


def added_words(question: str, synonyms: Synonyms, frequency: Callable[[str], int]) -> str:
    """Other words for what the question names: of each group the one that the documents have most
    often (`frequency`: in how many chunks); empty where they have none."""
    added: list[str] = []
    for meant in synonyms.found(question):
        others = [w for w in meant.others if w not in meant.word and frequency(w) > 0]
        added += sorted(others, key=lambda word: -frequency(word))[:WORDS]
    return " ".join(dict.fromkeys(added))

"""The words added to a question are those that the documents have."""

from __future__ import annotations

from builder.knowledge.expand import added_words
from builder.text.synonyms import Synonyms

SYNONYMS = Synonyms([("holiday", "annual leave", "time off", "vacation"), ("pay", "salary")])


def test_the_most_frequent_other_word_is_added() -> None:
    frequency = {"annual leave": 9, "time off": 2, "vacation": 5}
    words = added_words("When is my holiday?", SYNONYMS, lambda word: frequency.get(word, 0))
    assert words == "annual leave"


def test_nothing_is_added_that_the_documents_do_not_have() -> None:
    assert added_words("When is my holiday?", SYNONYMS, lambda _: 0) == ""
    assert added_words("What is the weather?", SYNONYMS, lambda _: 5) == ""

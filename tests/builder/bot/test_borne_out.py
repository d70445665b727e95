"""What the model says has to be said by the sentences that it rests on."""

from __future__ import annotations

import pytest
from tiny import make_chunk

from builder.bot.support import is_borne_out, says_something
from builder.bot.units import Unit, units_of

RULES = make_chunk(
    "rules",
    "If you decide to shut something down for maintenance, go for it.\n\n"
    "Trips abroad are approved in 30 days.\n\nBadges are made every Wednesday.",
    headings=("Work",),
)
MAINTENANCE, TRIPS, BADGES = units_of(RULES)


@pytest.mark.parametrize(
    ("question", "answer", "unit"),
    [
        ("When are badges made?", "Badges are made every Wednesday.", BADGES),
        ("Are trips abroad approved?", "Yes. Trips abroad are approved in 30 days.", TRIPS),
        ("How long for trips abroad?", "30 days.", TRIPS),
    ],
)
def test_what_the_sentence_says_is_borne_out(question: str, answer: str, unit: Unit) -> None:
    assert is_borne_out(answer, [unit], [RULES], question)


@pytest.mark.parametrize(
    ("question", "answer", "unit"),
    [
        # a yes about something else than what was asked
        (
            "My laptop acts weird, I suspect malware, should I shut it down?",
            "Yes. You should shut it down for maintenance, go for it.",
            MAINTENANCE,
        ),
        # a word that nobody wrote
        ("When are badges made?", "Badges are made everforumber Wednesday.", BADGES),
        # a number of another subject, dressed in the question's words
        (
            "What is the waiting rule for a higher job grade?",
            "The waiting rule for a higher job grade is 30 days.",
            TRIPS,
        ),
        ("When?", "", BADGES),
    ],
)
def test_what_it_does_not_say_is_not(question: str, answer: str, unit: Unit) -> None:
    assert not is_borne_out(answer, [unit], [RULES], question)


def test_a_question_is_no_answer() -> None:
    assert not says_something("Where are badges made on Wednesday?", "Where is it?")
    assert says_something("Badges are made on Wednesday.", "Where is it?")

"""English constructions: what is asked, what is answered, what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dataset_cases import chunk_of

from builder.config import DatasetSection
from builder.dataset.generate import Material, generate
from builder.records import QAPair

ALL = DatasetSection(wordings=12, no_answer_share=0.0)


def made(text: str, *headings: str, title: str = "Handbook") -> list[QAPair]:
    return list(generate(Material([chunk_of(text, headings=headings, title=title)], []), ALL))


@pytest.mark.parametrize(
    ("text", "heading", "question", "answer"),
    [
        (
            "You can carry over a maximum of 240 annual leave hours, from one year to the next.",
            "Annual leave",
            "How many annual leave hours can I carry over?",
            "You can carry over a maximum of 240 annual leave hours, from one year to the next.",
        ),
        (
            "Standard installation costs ¥19,800 and takes two hours.",
            "Installation",
            "How much does standard installation cost?",
            "Standard installation costs ¥19,800 and takes two hours.",
        ),
        (
            "Submit the claim within 10 business days of returning.",
            "Travel claims",
            "By when do I have to submit the claim?",
            "Submit the claim within 10 business days of returning.",
        ),
        (
            "If you lose your badge, tell the security desk at once.",
            "Badges",
            "What should I do if I lose my badge?",
            "If you lose your badge, tell the security desk at once.",
        ),
        (
            "To reset your password, call the IT Desk.",
            "Passwords",
            "How do I reset my password?",
            "To reset your password, call the IT Desk.",
        ),
        (
            "You must not share your account with colleagues.",
            "Accounts",
            "Can I share my account with colleagues?",
            "No. You must not share your account with colleagues.",
        ),
        (
            "The Accounting Section approves travel advances.",
            "Travel advances",
            "Who approves travel advances?",
            "The Accounting Section approves travel advances.",
        ),
        (
            "IT Desk: it-desk@example.com",
            "Help",
            "What's the email address for the IT Desk?",
            "IT Desk: it-desk@example.com",
        ),
    ],
)
def test_a_sentence_is_asked_for(text: str, heading: str, question: str, answer: str) -> None:
    pairs = made(text, heading)
    asked = {pair.question.rsplit(": ", 1)[-1].lower(): pair for pair in pairs}
    assert question.lower() in asked
    assert asked[question.lower()].answer == answer
    assert asked[question.lower()].quote in text


def test_glossary_entries_are_definitions() -> None:
    pairs = made("- Vault: the server for Secret information.", "S–Z", title="Glossary")
    assert {pair.kind for pair in pairs} == {"definition"}
    assert "What does Vault mean?" in {pair.question for pair in pairs}
    assert pairs[0].answer == "Vault: the server for Secret information."


def test_table_cells_are_asked_by_row_and_column() -> None:
    text = "| Card | Time | Fee |\n| Credit card | 5 days | ¥880 |\n| Cash | At once | Free |"
    pairs = made(text, "Refunds", title="Returns")
    assert {pair.answer for pair in pairs if "Credit card" in pair.question} == {"5 days.", "¥880."}
    assert all("Cash" in pair.question for pair in pairs if pair.answer == "Free.")
    assert all(pair.quote in text for pair in pairs)


def test_marks_in_a_table_are_no_answers() -> None:
    pairs = made(
        "| Tool | Dial-in option? | Licence | Users |\n|---|---|---|---|\n| Meet | Yes | Y | 40 |",
        "Calls",
    )
    assert {pair.answer for pair in pairs} == {"40."}


def test_numbered_steps_are_a_procedure() -> None:
    text = "1. Open the lid.\n2. Remove the filter.\n3. Rinse the filter with water."
    pairs = [pair for pair in made(text, "Cleaning the filter") if pair.kind == "procedure"]
    whole = "Open the lid. Remove the filter. Rinse the filter with water."
    assert {pair.answer for pair in pairs} == {whole, "Open the lid."}


def test_the_documents_own_question_is_answered_by_what_follows() -> None:
    pairs = made("Q. Do you ship overseas?\nA. No, we deliver only within Japan.", "Delivery")
    assert pairs[0].kind == "faq"
    assert pairs[0].question == "Do you ship overseas?"
    assert pairs[0].answer == "No, we deliver only within Japan."


def test_an_answer_on_the_questions_line_is_found() -> None:
    text = "Q1. Do you ship overseas? A1. No, we deliver only within Japan.\nQ2. Why? A2. Cost."
    first = made(text, "Delivery")[0]
    assert (first.question, first.answer) == (
        "Do you ship overseas?",
        "No, we deliver only within Japan.",
    )


def test_a_question_heading_is_answered_only_where_its_section_begins() -> None:
    begins = chunk_of("Credit card only.", headings=("Which cards do you take?",))
    goes_on = replace(begins, text=begins.model_text)
    assert any(p.kind == "faq" for p in generate(Material([begins], []), ALL))
    assert not any(p.kind == "faq" for p in generate(Material([goes_on], []), ALL))


@pytest.mark.parametrize(
    "text",
    [
        "If this happens, see the table below.",
        "It must be returned within 5 days.",
        "You can do that by using the form above.",
        "They are responsible for these.",
        "See the following list:",
        "Don't forget to save any changes you make!",
    ],
)
def test_what_depends_on_its_passage_is_left_alone(text: str) -> None:
    assert made(text) == []


def test_each_wording_of_a_fact_shares_its_id_and_differs() -> None:
    settings = DatasetSection(wordings=4, no_answer_share=0.0)
    text = "If you lose your badge, tell the security desk at once."
    pairs = list(generate(Material([chunk_of(text, headings=("Badges",))], []), settings))
    assert len(pairs) == 4
    assert len({pair.fact for pair in pairs}) == 1
    assert len({pair.question for pair in pairs}) == len({pair.id for pair in pairs}) == 4
    again = list(generate(Material([chunk_of(text, headings=("Badges",))], []), settings))
    assert again == pairs

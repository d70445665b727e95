"""Templates: strict variables, enough wordings, both languages alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from dataset_cases import chunk_of

from builder.config import DatasetSection
from builder.dataset.generate import Material, generate
from builder.dataset.generators.teacher import TeacherGenerator, teacher_prompt
from builder.dataset.rewording import reworded
from builder.dataset.templates import fill_template, load_wordings
from builder.errors import ConfigError
from builder.records import Message


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(ConfigError, match="subject"):
        fill_template("How much is {subject}?", {"topic": "x"}, "en.toml")


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(ConfigError, match="nonsense"):
        load_wordings("en").templates("nonsense")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_family_has_eight_wordings(language: str) -> None:
    families = load_wordings(language).families
    assert {name: len(found) for name, found in families.items() if len(found) < 8} == {}


def test_a_file_that_repeats_a_wording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[a]\ntemplates = ["x?", "x?"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="all different"):
        load_wordings("en", tmp_path)


def test_written_questions_are_reworded_by_rules() -> None:
    assert "Is it OK to pay in cash?" in reworded("Can I pay in cash?", "en")
    assert "送料はいくら？" in reworded("送料はいくらですか。", "ja")
    assert reworded("Hm?", "en") == ()


class _Teacher:
    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.asked: list[Message] = []

    def complete_many(self, conversations: Sequence[Sequence[Message]]) -> Iterator[str]:
        for messages in conversations:
            self.asked.extend(messages)
            yield self.reply


def test_the_teachers_lines_become_pairs_and_nothing_is_lost() -> None:
    reply = (
        '```json\n{"question": "How long is it?", "answer": "5 days.", "quote": "5 days"}\n'
        'Sure!\n{"question": 3, "answer": "", "quote": ""}\n```'
    )
    teacher = _Teacher(reply)
    chunk = chunk_of("It takes 5 days.", headings=("Time",), title="Guide")
    pairs = list(TeacherGenerator(teacher, 4).pairs([chunk]))
    assert [pair.question for pair in pairs] == ["How long is it?", "", ""]
    assert "It takes 5 days." in teacher.asked[0].content
    settings = DatasetSection(no_answer_share=0.0)
    made = generate(Material([chunk]), settings, teacher=teacher)
    assert sum(pair.generator == "teacher" for pair in made) == 3


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_prompt_holds_the_passage_and_the_format(language: str) -> None:
    prompt = teacher_prompt(chunk_of("TEXT", title="TITLE", language=language), 5)
    assert "TEXT" in prompt
    assert '{"question": "…", "answer": "…", "quote": "…"}' in prompt

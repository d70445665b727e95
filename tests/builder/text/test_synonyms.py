"""Words that mean the same: the longest counts, a bot's own before the built-in ones."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from builder.text.synonyms import LANGUAGES, Meant, Synonyms


@pytest.mark.parametrize(
    ("question", "word", "other"),
    [
        ("有休は何日ありますか？", "有休", "年次有給休暇"),
        ("ボーナスはいつですか", "ボーナス", "賞与"),
        ("How many vacation days do I have?", "vacation", "annual leave"),
        ("Are the LAPTOPS insured?", "laptop", "computer"),
    ],
)
def test_a_word_is_found_with_what_else_it_is_called(question: str, word: str, other: str) -> None:
    (meant,) = (m for m in Synonyms().found(question) if m.word == word)
    assert other in meant.others
    assert word not in meant.others


def test_english_words_stand_alone_and_the_longest_counts() -> None:
    assert Synonyms([("cat", "tom")]).found("concatenate the catalogue") == []
    own = Synonyms([("depot", "store house"), ("depot gate", "gate 3")])
    assert [m.word for m in own.found("Where is the depot gate?")] == ["depot gate"]


def test_a_bots_own_group_takes_the_place_of_the_built_in_one() -> None:
    assert Synonyms([("Laptop", "ThinkPad")]).found("my laptop") == [Meant("laptop", ("thinkpad",))]
    assert Synonyms([("Laptop", "ThinkPad")]).found("my notebook") == []


def test_width_and_case_do_not_matter() -> None:
    assert Synonyms([("ＰＣ", "端末X")]).found("pcが壊れた")[0] == Meant("pc", ("端末x",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_in_groups_are_well_formed(language: str) -> None:
    lines = files("builder.text.synonyms").joinpath(f"{language}.txt").read_text("utf-8")
    for line in lines.splitlines():
        if line.startswith("#"):
            continue
        words = [word.strip() for word in line.split(",")]
        assert len(words) >= 2, line
        assert len(set(words)) == len(words), line
        assert all(words), line
        assert bool(re.search(r"[^\x00-\x7f]", line)) == (language == "ja"), line

"""Changed copies of training questions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dataset_cases import pair_of

from builder.dataset.augment import CHANGES, augmented
from builder.dataset.questions import same_question
from builder.records import QAPair
from builder.text.synonyms import Synonyms

OWN = [("warranty", "guarantee"), ("値段", "価格")]
SYNONYMS = Synonyms(OWN)


def changed(name: str, question: str, language: str = "en", quote: str = "The warranty") -> str:
    pair = replace(pair_of(question, language=language), quote=quote, id="0003")
    return CHANGES[name](pair, SYNONYMS)


@pytest.mark.parametrize(
    ("name", "question", "language", "expected"),
    [
        ("synonym", "How long is the warranty?", "en", "How long is the guarantee?"),
        ("synonym", "Can you tell me the hours?", "en", ""),
        ("casual", "What is the price? I am late.", "en", "what's the price? im late"),
        ("casual", "送料について、いくらですか？", "ja", "送料、いくらですか"),
        ("plain", "送料はいくらですか？", "ja", "送料っていくら？"),
        ("plain", "半日単位で取得できますか？", "ja", "半日単位で取得できる？"),
        ("plain", "Can I pay?", "en", ""),
        ("misspelt", "送料を教えてください。", "ja", "送料を教えてくだい"),
        ("misspelt", "Is it K-210?", "en", ""),
    ],
)
def test_a_question_is_changed_as_people_would(
    name: str, question: str, language: str, expected: str
) -> None:
    assert changed(name, question, language) == expected


def test_a_slip_changes_one_word_and_keeps_its_ends() -> None:
    slip = changed("misspelt", "How long is the warranty?")
    assert slip != "How long is the warranty?"
    assert sorted(slip) == sorted("How long is the warranty?")
    word = slip.split()[-1]
    assert (word[0], word[-2:]) == ("w", "y?")


def test_a_word_inside_a_longer_one_is_left_alone() -> None:
    assert changed("synonym", "最低値段表は？", "ja", quote="値段") == ""


def many(split: str) -> list[QAPair]:
    return [
        replace(pair_of(f"How long is the warranty of {n}?", chunk=f"c{n}"), split=split)  # type: ignore[arg-type]
        for n in range(40)
    ]


def test_only_training_pairs_are_copied_and_each_copy_says_how() -> None:
    pairs = [*many("train"), *many("test"), *many("validation"), *many("phrasing")]
    copies = augmented(pairs, 0.5, "mixed", OWN, 7)
    assert len(copies) == 20
    assert {copy.split for copy in copies} == {"train"}
    assert {copy.augmentation for copy in copies} <= set(CHANGES)
    assert len({copy.augmentation for copy in copies}) >= 2
    originals = {(pair.fact, pair.answer) for pair in pairs}
    assert all((copy.fact, copy.answer) in originals for copy in copies)
    assert not {copy.id for copy in copies} & {pair.id for pair in pairs}
    assert copies == augmented(pairs, 0.5, "mixed", OWN, 7)


def test_no_copy_repeats_a_question_that_there_is() -> None:
    train = replace(pair_of("How long is the warranty?"), split="train", quote="warranty")
    test = replace(pair_of("How long is the guarantee?", chunk="c9"), split="test")
    copies = augmented([train, test], 1.0, "polite", OWN, 7)
    assert same_question(test.question) not in {same_question(copy.question) for copy in copies}


def test_a_polite_bot_learns_no_chat_style() -> None:
    copies = augmented(many("train"), 1.0, "polite", OWN, 7)
    assert copies
    assert not {copy.augmentation for copy in copies} & {"casual", "plain"}

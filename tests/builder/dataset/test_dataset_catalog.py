"""Products: their facts, and what the catalogue does not say."""

from __future__ import annotations

import pytest
from dataset_cases import chunk_of, kettle

from builder.config import DatasetSection
from builder.dataset.generate import Material, generate
from builder.dataset.generators.no_answer import no_answer_pairs
from builder.text.refusals import refusal

SETTINGS = DatasetSection(wordings=12, no_answer_share=0.0)


@pytest.mark.parametrize(
    ("language", "answers"),
    [
        (
            "en",
            {
                "The price of the Yune Kettle is ¥6,980.",
                "The capacity of the Yune Kettle is 1.2 L.",
                "Boils one cup in 55 seconds.",
                "Availability of the Yune Kettle: 85 in stock.",
                "The product code of the Yune Kettle is K-210.",
                "Yune Kettle.",
            },
        ),
        (
            "ja",
            {
                "電気ケトル 湯音の価格は6,980円です。",
                "電気ケトル 湯音の容量は1.2Lです。",
                "1杯分を約55秒で沸かす。",
                "電気ケトル 湯音の在庫は85台です。",
                "電気ケトル 湯音の商品コードはK-210です。",
                "電気ケトル 湯音です。",
            },
        ),
    ],
)
def test_every_filled_cell_is_a_fact(language: str, answers: set[str]) -> None:
    entry = kettle(language)
    pairs = list(generate(Material([entry.chunk], [entry]), SETTINGS))
    assert {pair.answer for pair in pairs} == answers
    assert all(pair.quote in entry.chunk.model_text for pair in pairs)
    assert {pair.generator for pair in pairs} == {"catalog", "followups"}


def test_an_attribute_without_a_value_is_refused() -> None:
    entry = kettle("en")
    pairs = list(no_answer_pairs([entry.chunk], [entry], 500, seed=7))
    assert any("noise level" in pair.question for pair in pairs)
    assert {pair.answer for pair in pairs} == {refusal("en")}
    assert not any(pair.answerable or pair.quote for pair in pairs)


def test_nothing_is_refused_that_a_document_speaks_of() -> None:
    silent = chunk_of("Lunch is at noon.", headings=("Lunch breaks",))
    speaking = chunk_of("Your dog is welcome in our office.", headings=("Dogs",))
    assert any("dog" in p.question for p in no_answer_pairs([silent], [], 500, seed=7))
    both = no_answer_pairs([silent, speaking], [], 500, seed=7)
    assert not any("dog" in pair.question for pair in both)


def test_the_share_of_refusals_is_kept() -> None:
    entry = kettle("en")
    pairs = list(generate(Material([entry.chunk], [entry]), DatasetSection(no_answer_share=0.1)))
    refused = sum(not pair.answerable for pair in pairs)
    assert refused == round((len(pairs) - refused) / 9)

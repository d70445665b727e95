"""A measure that nothing states of the named product is refused, another product's is no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builder_fakes import make_chunk

from builder.bot.properties import asks_unstated
from builder.records import Chunk, Passage

TEXT = "SKU: B-120\nName: Tsumuji Blender\nPower: 500 W\nCapacity: 1.2 L"
ROW = replace(make_chunk("c.csv", TEXT, sku="B-120"), kind="product")
OTHER = make_chunk("d.md", "The B-200V makes a noise of 70 dB.")
MANUAL = make_chunk("m.md", "The B-120 makes 82 dB at full speed.")


def found(*others: Chunk, score: float = 1.5) -> list[Passage]:
    rest = [Passage(chunk, 0.5, 0.8, 0.5) for chunk in others]
    return [Passage(ROW, score, 0.8, 0.5), *rest]


@pytest.mark.parametrize(
    ("question", "others", "unstated"),
    [
        ("What is the noise level of the B-120?", (OTHER,), True),
        ("B-120の運転音は？", (OTHER,), True),
        ("What is the noise level of the B-120?", (OTHER, MANUAL), False),
        ("What is the power of the B-120?", (), False),
        ("How heavy is the B-120?", (OTHER,), True),
        ("How long is the warranty of the B-120?", (), False),
        ("Can the B-120 crush ice?", (), False),
    ],
)
def test_only_what_is_said_of_the_product_counts(
    question: str, others: tuple[Chunk, ...], unstated: bool
) -> None:
    assert asks_unstated(question, found(*others)) is unstated


def test_a_question_without_a_product_is_left_alone() -> None:
    assert not asks_unstated("What is the noise level of blenders?", found(OTHER, score=0.5))

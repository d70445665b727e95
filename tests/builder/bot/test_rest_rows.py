"""`All other goods` answers for what the table doesn't name, and for nothing else."""

from __future__ import annotations

import pytest
from tiny import make_chunk

from builder.bot.rest_rows import rest_rows
from builder.bot.units import units_of
from builder.records import Chunk

ENGLISH = (
    "| Goods | Warranty | Notes |",
    "| Ovens | 3 years | Cracked glass is not covered |",
    "| All other goods | 1 year | |",
    "| Accessories | 6 months | Lids, batteries |",
)
JAPANESE = (
    "| 製品の種類 | 保証期間 |",
    "| 炊飯器 | 2年 |",
    "| その他の本体製品 | 1年 |",
)


def table(rows: tuple[str, ...]) -> Chunk:
    head, *body = rows
    dashes = "|" + "---|" * (head.count("|") - 1)
    text = "\n".join([head, dashes, *body])
    return make_chunk("warranty", text, kind="table", model_text="\n".join(rows))


@pytest.mark.parametrize(
    ("rows", "question", "found"),
    [
        (ENGLISH, "How long is the warranty on a kettle?", ["All other goods"]),
        (ENGLISH, "How long is the warranty on an oven? And on ovens?", []),
        (ENGLISH, "Is there a warranty on batteries?", []),
        (ENGLISH, "What is the warranty?", []),
        (JAPANESE, "ケトルの保証期間は？", ["その他の本体製品"]),
        (JAPANESE, "炊飯器の保証期間は？", []),
        (ENGLISH[:1] + ENGLISH[2:3], "How long is the warranty on a kettle?", []),
    ],
)
def test_the_row_for_the_rest(rows: tuple[str, ...], question: str, found: list[str]) -> None:
    units = units_of(table(rows))
    rest = rest_rows(question, units)
    assert [name for unit in rest for name in found if name in unit.plain] == found
    assert len(rest) == len(found)


def test_sentences_that_begin_so_are_no_rows() -> None:
    chunk = make_chunk("rules", "Other rules hold for ships. Boats are free.")
    assert rest_rows("What about kettles?", units_of(chunk)) == set()

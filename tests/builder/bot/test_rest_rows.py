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
    "| テーブルの脚 | 3年 |",
)
RESTING = ("| Right | How much |", "| Rest periods | 11 hours |", "| Breaks | 1 hour |")


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
        (ENGLISH, "Does the warranty on a kettle hold after 3 years?", ["All other goods"]),
        (ENGLISH, "What is the warranty?", []),
        (ENGLISH, "How long is the warranty?", []),
        (JAPANESE, "保証期間は？", []),
        (JAPANESE, "保証期間はどのくらいですか？", []),
        (JAPANESE, "ケトルの保証期間は？", ["その他の本体製品"]),
        (JAPANESE, "炊飯器の保証期間は？", []),
        (RESTING, "How many days of leave do I get?", []),
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


def test_a_table_below_a_question_or_in_two_chunks_is_one_table() -> None:
    asked = table(ENGLISH)
    text = f"How long is the warranty?\n\n{asked.text}"
    below = make_chunk("faq", text, kind="table", model_text=asked.model_text)
    assert rest_rows("How long is the warranty on ovens?", units_of(below)) == set()
    parts = [table((ENGLISH[0], *ENGLISH[n:])) for n in (1, 2)]
    cut = [unit for part in (parts[0], parts[1]) for unit in units_of(part)]
    assert rest_rows("How long is the warranty on ovens?", cut) == set()

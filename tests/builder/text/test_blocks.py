"""What the lines of a text are."""

from __future__ import annotations

import pytest

from builder.text.blocks import blocks_of


def found(text: str, *, markup: bool = True) -> list[tuple[str, str]]:
    return [(b.kind, text[b.start : b.end]) for b in blocks_of(0, text, markup)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\ntext", [("heading", "# A"), ("paragraph", "text")]),
        ("A\n===\ntext", [("heading", "A"), ("paragraph", "text")]),
        ("one\ntwo\n---\nthree", [("paragraph", "one\ntwo"), ("paragraph", "three")]),
        ("one\ntwo\n\nthree", [("paragraph", "one\ntwo"), ("paragraph", "three")]),
        ("- a\n  more\n- b", [("item", "- a\n  more"), ("item", "- b")]),
        ("・a\n・b\n･c", [("item", "・a"), ("item", "・b"), ("item", "･c")]),
        ("①a\n② b", [("item", "①a"), ("item", "② b")]),
        ("１．甲\n２．乙", [("item", "１．甲"), ("item", "２．乙")]),
        ("１．５倍にする", [("paragraph", "１．５倍にする")]),
        ("1.5 kg\n*bold* text", [("paragraph", "1.5 kg\n*bold* text")]),
        (
            "a\n| x | y |\n| 1 | 2 |",
            [("paragraph", "a"), ("row", "| x | y |"), ("row", "| 1 | 2 |")],
        ),
        ("```\n# no\n\n| no |\n```\nb", [("code", "```\n# no\n\n| no |\n```"), ("paragraph", "b")]),
        ("~~~\nnever closed\n\nb", [("code", "~~~\nnever closed\n\nb")]),
        (
            "**Q1. x?**\ny\n**Q2. z?**",
            [("paragraph", "**Q1. x?**\ny"), ("paragraph", "**Q2. z?**")],
        ),
        ("Q: x?\nA: y\nQ: z?", [("paragraph", "Q: x?\nA: y"), ("paragraph", "Q: z?")]),
        ("a **bold** b\nc **d**", [("paragraph", "a **bold** b\nc **d**")]),
        ("---\ntitle: x\n---\na", [("matter", "---\ntitle: x\n---"), ("paragraph", "a")]),
    ],
)
def test_kinds_and_spans(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第1編 総則", 1),
        ("第一章 総則", 2),
        ("第 2 節　服務", 3),
        ("第10条（年次有給休暇）", 4),
        ("■営業時間", 3),
        ("【連絡先】", 3),
        ("2.1 Returns and refunds", 3),
        ("３．返品について", 3),
    ],
)
def test_titles_of_texts_without_markup(line: str, level: int) -> None:
    (first, second) = blocks_of(0, f"{line}\n本文です。", markup=False)
    assert (first.kind, first.level, second.kind) == ("heading", level, "paragraph")


@pytest.mark.parametrize(
    "line",
    [
        "第1条の定めによる",
        "第3条 社員は、これを守る。",
        "■ご注意ください。",
        "2 Kettles, and a pan",
    ],
)
def test_sentences_are_no_titles(line: str) -> None:
    assert [kind for kind, _ in found(line, markup=False)] != ["heading"]


def test_a_rule_at_the_top_of_plain_text_begins_no_front_matter() -> None:
    text = "---\ntitle: x\n---\na"
    assert "matter" not in [kind for kind, _ in found(text, markup=False)]
    assert "title: x" in "".join(part for _, part in found(text, markup=False))

"""What the models read of a block."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.text.clean import clean_block, clean_code, clean_row, fold_widths, is_rule_row


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("## Returns ##", "Returns"),
        ("**Bold** and *italic* and `code`", "Bold and italic and code"),
        ("see [the guide](https://x.example/a_(b)) now", "see the guide now"),
        ("see [the guide][ref] and ![a photo](p.png)", "see the guide and a photo"),
        ("[link]({% link a.md %}) {{ site.name }}", "link"),
        ("{% include note.html %}Text{: .class }", "Text"),
        ('Ask in {% slack_channel "help-desk" %}.', "Ask in help-desk."),
        ('{% image "assets/map.png" %}Text{% include "note.html" %}', "Text"),
        ("<!-- 有給休暇", "有給休暇"),
        ("<!-- hidden\nnote -->Text", "Text"),
        ('<span class="x">K</span>-210', "K-210"),
        ("10:00<br>18:00<br/>20:00", "10:00 18:00 20:00"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        (r"5 \* 3 and \[x\]", "5 * 3 and [x]"),
        ("> quoted\n> text", "quoted text"),
        ("* item", "- item"),
        ("・項目", "・項目"),
        ("5*3*2 and snake_case_name", "5*3*2 and snake_case_name"),
        (
            "<info@example.com> <https://example.com/a?b=1>",
            "info@example.com https://example.com/a?b=1",
        ),
        ("<mailto:info@example.com>", "info@example.com"),
        ("ssh <user>@host -p <port number>", "ssh <user>@host -p <port number>"),
        ("a < b and c > d", "a < b and c > d"),
        ("a\u200bb\ufeff\x07", "ab"),
    ],
)
def test_markup_is_gone_and_words_are_not(raw: str, read: str) -> None:
    assert clean_block(raw) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("返品は\n無料です", "返品は無料です"),
        ("the war-\nranty lasts", "the warranty lasts"),
        ("two\nlines", "two lines"),
        ("商品\nABC", "商品 ABC"),
        ("広い　　間隔\t です", "広い 間隔 です"),
    ],
)
def test_broken_lines_are_mended(raw: str, read: str) -> None:
    assert clean_block(raw) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("１，２００円", "1,200円"),
        ("３．５％", "3.5%"),
        ("Ａ４サイズ", "A4サイズ"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("⾦曜", "金曜"),
    ],
)
def test_widths_are_folded(raw: str, read: str) -> None:
    assert fold_widths(raw) == read


@pytest.mark.parametrize("text", ["K-210S", "Ｋ－２１０", "50m²", "①②", "㈱桜", "½カップ"])
def test_signs_and_part_numbers_keep_their_form(text: str) -> None:
    assert fold_widths(text) == text


@given(st.text())
def test_folding_changes_only_the_form(text: str) -> None:
    folded = fold_widths(text)
    assert unicodedata.normalize("NFKC", folded) == unicodedata.normalize("NFKC", text)
    assert fold_widths(folded) == folded


def test_rows() -> None:
    assert clean_row(r"| **a** | b \| c |  |") == "| a | b | c |  |"
    assert is_rule_row("| --- | :-: |")
    assert not is_rule_row("| a | --- |")


def test_code_keeps_its_lines() -> None:
    assert clean_code("```sh\nls *.md\n  # all\n```") == "ls *.md\n  # all"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile", ["[a](" * 500, "[a]({%" * 500, "**" * 1000, "<" * 2000, "{{" * 1000, "`" * 2000]
)
def test_unclosed_marks_do_not_hang(hostile: str) -> None:
    assert clean_block(f"before {hostile} after").startswith("before")

"""Escaping: the same characters on the screen, and nothing that acts."""

from __future__ import annotations

import html
import re
import string

import pytest
from fake_bot import HOSTILE

from ui.escape import INVISIBLE, find_quote, label, marked_passage


def test_every_punctuation_mark_is_escaped_and_kept_apart() -> None:
    for mark in string.punctuation:
        assert label(f"a{mark}b") == f"a{INVISIBLE}\\{mark}{INVISIBLE}b"


def test_a_label_shows_the_same_characters() -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", label(HOSTILE).replace(INVISIBLE, ""))
    assert shown == HOSTILE


@pytest.mark.parametrize("pattern", [r"https?:", r"www\.", r":\w+:", r"\w@", r"->", r"<-", r"--"])
def test_patterns_that_streamlit_looks_for_after_parsing_are_broken(pattern: str) -> None:
    after_parsing = label(HOSTILE).replace("\\", "")
    assert re.search(pattern, HOSTILE)
    assert not re.search(pattern, after_parsing)


def test_a_label_is_one_line() -> None:
    assert label("# a\n\n- b\t1. c\n") == label("# a - b 1. c")
    assert "\n" not in label("a\n    b")


def test_a_marked_passage_has_no_tags_but_its_own() -> None:
    shown = marked_passage(f"前{HOSTILE}後", HOSTILE)
    assert re.findall(r"<[^>]*>", shown) == re.findall(r"<[^>]*>", marked_passage("a", "a"))
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == f"前{HOSTILE}後"


def test_the_quote_is_marked_in_its_passage() -> None:
    shown = marked_passage("one two three", "two")
    assert re.search(r"one <mark [^>]*>two</mark> three", shown)


def test_a_quote_from_elsewhere_is_shown_alone() -> None:
    shown = marked_passage("one two three", "four")
    assert re.search(r"<div [^>]*><mark [^>]*>four</mark></div>", shown)


@pytest.mark.parametrize(
    ("passage", "quote", "found"),
    [
        ("返品は14日\n以内です。", "14日以内", "14日\n以内"),
        ("a  b\tc", "b c", "b\tc"),
        ("same", "same", "same"),
        ("abc", "", None),
        ("", "x", None),
        ("abc", "  ", None),
    ],
)
def test_a_quote_is_found_across_line_breaks(passage: str, quote: str, found: str | None) -> None:
    place = find_quote(passage, quote)
    assert (passage[slice(*place)] if place else None) == found

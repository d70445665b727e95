"""What a bot is for decides what it learns most of; likeness of texts; the page for the owner."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from dataset_cases import chunk_of, kettle, pair_of
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.config import BotSection, DatasetSection
from builder.dataset.blocks import blocks
from builder.dataset.budget import over_budget
from builder.dataset.filters import filter_pairs
from builder.dataset.focus import Shares, shares
from builder.dataset.generate import Material, generate
from builder.dataset.quality import quality
from builder.dataset.quality_page import quality_page
from builder.dataset.similar import jaccard, near_pairs, shingles
from builder.records import RejectedPair

NONE = DatasetSection()


@pytest.mark.parametrize(
    ("purpose", "more", "less"),
    [
        ("explain our products to shoppers", "catalog", "rules"),
        ("社内規程について答える", "conditions", "catalog"),
        ("help customers whose machine has a fault", "faq", "catalog"),
    ],
)
def test_the_purpose_weighs_the_generators(purpose: str, more: str, less: str) -> None:
    found = shares(BotSection(purpose=purpose), NONE)
    assert found.of(more) > found.of(less)


def test_the_audience_weighs_and_bot_toml_has_the_last_word() -> None:
    staff = shares(BotSection(audience="staff"), NONE)
    everybody = shares(BotSection(), NONE)
    assert staff.of("rules") > everybody.of("rules")
    own = shares(BotSection(audience="staff"), DatasetSection(weights={"rules": 0.25}))
    assert own.of("rules") == 0.25


def test_only_the_chosen_generators_write() -> None:
    entry = kettle("en")
    chosen = DatasetSection(generators=("catalog",))
    weights = shares(BotSection(), chosen)
    pairs = list(generate(Material([entry.chunk], [entry]), chosen, weights))
    assert {pair.generator for pair in pairs} == {"catalog"}
    off = DatasetSection(weights={"followups": 0.0})
    rest = list(generate(Material([entry.chunk], [entry]), off, shares(BotSection(), off)))
    assert "followups" not in {pair.generator for pair in rest}


def test_heavier_generators_keep_more_of_a_tight_budget() -> None:
    pairs = [
        replace(pair_of(f"{name} {fact} {wording}?"), id=f"{name}{fact}{wording}",
                fact=f"{name}{fact}", generator=name, kind=name, document_id=f"d{fact}")
        for name in ("rules", "sections") for fact in range(20) for wording in range(4)
    ]  # fmt: skip
    tight = DatasetSection(max_pairs=60)
    out = over_budget(pairs, tight, Shares({"rules": 2.0}))
    kept = Counter(pair.generator for n, pair in enumerate(pairs) if n not in out)
    assert kept["rules"] == 40
    assert kept["sections"] == 20


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abcde ", min_size=12, max_size=30), min_size=2, max_size=12))
def test_near_pairs_are_really_near_and_equal_ones_are_found(texts: list[str]) -> None:
    found = set(near_pairs(texts, 0.9))
    sets = [shingles(text) for text in texts]
    assert all(jaccard(sets[a], sets[b]) >= 0.9 for a, b in found)
    equal = {(a, b) for a, b in combinations(range(len(texts)), 2) if sets[a] == sets[b]}
    assert equal <= found


def test_the_same_text_in_two_documents_is_asked_about_once() -> None:
    text = "Claims for travel expenses of all kinds are paid within 5 working days of approval"
    one = replace(chunk_of(f"{text}."), id="c1")
    two = replace(chunk_of(f"{text}!"), id="c2")
    asked = "When are claims for travel expenses of all kinds paid"
    first = pair_of(f"{asked}?", f"{text}.", chunk="c1")
    second = pair_of(f"{asked} out?", f"{text}!", chunk="c2")
    third = pair_of(f"{asked} out?", "Claims of all kinds are paid within 5 working days.")
    kept, rejected = filter_pairs([first, second], {"c1": one, "c2": two}, None, NONE)
    assert kept == [first]
    assert [item.reason for item in rejected] == ["near-duplicate"]
    other = replace(third, quote="Claims for travel expenses of all kinds are paid")
    assert filter_pairs([first, other], {"c1": one}, None, NONE)[0] == [first, other]


def test_lists_and_tables_are_whole_and_have_their_places() -> None:
    text = "Intro:\n- one\n\n- two *\nnote\n| a | b |\n| --- | --- |\n| 1 | x\\|y |\n\n□ 3-1 電源"
    found = blocks(text)
    assert [block.kind for block in found] == ["paragraph", "list", "paragraph", "table", "list"]
    assert [item.text for item in found[1].items] == ["one", "two *"]
    assert found[3].rows == (("a", "b"), ("1", "x|y"))
    assert found[4].items[0].text == "電源"
    for block in found:
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        for item in block.items:
            assert text[item.start : item.end] == item.text


def test_code_is_no_statement() -> None:
    assert [block.kind for block in blocks("Run:\n```\nYou must not run this.\n```\nDone.")] == [
        "paragraph",
        "paragraph",
    ]


def test_the_page_shows_why_and_is_harmless() -> None:
    pair = replace(pair_of("<script>alert(1)</script> [x](javascript:y) | #?"), source="a|b.md")
    page = quality_page(quality([pair], [RejectedPair(pair, "unsupported")], [], 7))
    assert "the answer is not in its passage" in page
    assert "<script>" not in page
    assert "[x]" not in page
    assert "| facts asked for | 1 of 1 seen |" in page


def test_facts_that_no_pair_asks_for_are_counted() -> None:
    asked, lost = pair_of("When?", fact="a"), pair_of("Where?", fact="b")
    found = quality([asked], [RejectedPair(lost, "unsupported")], [])
    assert (found.facts, found.facts_found, found.facts_covered) == (1, 2, 0.5)

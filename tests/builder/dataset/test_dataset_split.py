"""The split: by document, no leak, near 80/10/10, stable."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from dataset_cases import pair_of
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dataset.formats import to_alpaca, to_chat
from builder.dataset.quality import quality
from builder.dataset.split import contamination, hashed_side, split_pairs
from builder.records import QAPair, RejectedPair

SIZES = st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=30)


def pairs_of(sizes: list[int]) -> list[QAPair]:
    return [
        pair_of(f"Question d{d} n{n}?", chunk=f"c{d}-{n // 3}", document=f"doc{d}")
        for d, size in enumerate(sizes)
        for n in range(size)
    ]


@settings(max_examples=60, deadline=None)
@given(sizes=SIZES, seed=st.integers(0, 5))
def test_no_document_is_on_two_sides(sizes: list[int], seed: int) -> None:
    split = split_pairs(pairs_of(sizes), seed)
    sides: dict[str, set[str]] = {}
    for pair in split:
        sides.setdefault(pair.document_id, set()).add(pair.split)
    assert all(len(on) == 1 for on in sides.values())
    assert contamination(split) == []
    if len(sizes) >= 3:
        assert {pair.split for pair in split} == {"train", "validation", "test"}


@settings(max_examples=40, deadline=None)
@given(sizes=SIZES, seed=st.integers(0, 5))
def test_the_split_does_not_depend_on_the_order(sizes: list[int], seed: int) -> None:
    pairs = pairs_of(sizes)
    there = {pair.id: pair.split for pair in split_pairs(pairs, seed)}
    back = {pair.id: pair.split for pair in split_pairs(pairs[::-1], seed)}
    assert there == back


def test_shares_are_near_80_10_10() -> None:
    split = split_pairs(pairs_of([5 + d % 7 for d in range(200)]), 7)
    sides = Counter(pair.split for pair in split)
    assert 0.7 < sides["train"] / len(split) < 0.9
    assert 0.05 <= sides["test"] / len(split) <= 0.15
    assert 0.05 <= sides["validation"] / len(split) <= 0.15


def test_documents_stay_where_they_are_when_others_are_added() -> None:
    before = {p.document_id: p.split for p in split_pairs(pairs_of([5] * 200), 7)}
    after = {p.document_id: p.split for p in split_pairs(pairs_of([5] * 230), 7)}
    assert {d: after[d] for d in before} == before
    assert all(hashed_side(d, 7) == side for d, side in before.items())


def test_a_catalogue_is_split_by_product() -> None:
    pairs = [
        pair_of(f"Price {n}?", chunk=f"p{n}", document="catalog", generator="catalog")
        for n in range(200)
    ]
    split = split_pairs(pairs, 7)
    assert {pair.split for pair in split} == {"train", "validation", "test"}
    assert contamination(split) == []


def test_contamination_names_chunks_and_questions() -> None:
    pair = pair_of("When are claims paid?")
    other = replace(pair, split="test", question="when are claims paid")
    assert len(contamination([pair, other])) == 2


def test_quality_counts() -> None:
    pairs = split_pairs(pairs_of([3, 3, 3]), 7)
    rejected = [RejectedPair(pairs[0], "duplicate")]
    found = quality(pairs, rejected, [])
    assert (found.pairs, found.rejected, found.covered) == (9, (("duplicate", 1),), 0.0)
    assert dict(found.by_kind) == {"number": 9}
    assert len(found.sample) == 9


def test_formats_keep_the_source() -> None:
    pair = pair_of("When?", "Soon.")
    chat = to_chat(pair, "Be brief.")
    assert [turn["role"] for turn in chat["messages"]] == ["system", "user", "assistant"]
    assert to_alpaca(pair)["output"] == "Soon."
    assert chat["metadata"]["source"] == to_alpaca(pair)["metadata"]["source"] == "d1.md"

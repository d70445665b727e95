"""The split: by document, no leak, near 80/10/10, stable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from dataset_cases import pair_of
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder.dataset.contamination import contamination, without_leaks
from builder.dataset.quality import quality
from builder.dataset.split import hashed_side, hold_phrasings, split_pairs
from builder.records import Evidence, QAPair, RejectedPair

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
        pair_of(f"Price {n}?", chunk=f"p{n}", document="catalog", kind="product")
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


def test_one_wording_of_some_trained_facts_is_held_back() -> None:
    pairs = [
        replace(pair_of(f"Wording {w} of {f}?", fact=f"fact {f}"), split="train")
        for f in range(200)
        for w in range(4)
    ]
    held = [pair for pair in hold_phrasings(pairs, 7) if pair.split == "phrasing"]
    assert 8 <= len(held) <= 35
    assert len({pair.fact for pair in held}) == len(held)
    # More documents change nothing about which wordings are held.
    fewer = hold_phrasings(pairs[:400], 7)
    assert {p.id for p in fewer if p.split == "phrasing"} == {
        p.id for p in held if p.id in {q.id for q in pairs[:400]}
    }
    assert contamination(hold_phrasings(pairs, 7)) == []


def test_a_documents_side_stays_when_documents_are_added() -> None:
    pairs = pairs_of([5] * 80)
    few = {p.document_id: p.split for p in split_pairs(pairs[:200], 3)}
    many = {p.document_id: p.split for p in split_pairs(pairs, 3)}
    moved = [name for name, side in few.items() if many[name] != side]
    assert len(moved) <= 2


def test_what_users_corrected_is_for_training() -> None:
    pairs = pairs_of([4] * 30)
    tested = next(p for p in split_pairs(pairs, 7) if p.split == "test")
    corrected = replace(tested, id="c", generator="corrections", question="What then?")
    split = split_pairs([*pairs, corrected], 7)
    assert {p.split for p in split if p.document_id == tested.document_id} == {"train"}
    assert {p.split for p in split} == {"train", "validation", "test"}


def sided(question: str, split: str, chunk: str, answer: str = "Within five days.") -> QAPair:
    return replace(pair_of(question, answer, chunk=chunk), split=split)


def test_a_training_pair_that_gives_a_test_question_away_is_taken_out() -> None:
    test = sided("How long do refunds for damaged goods take?", "test", "c1")
    leak = sided("How long do refunds for damaged goods take to?", "train", "c2")
    other = sided("How long do refunds for damaged goods take to?", "train", "c3", "14 euros each.")
    kept, rejected = without_leaks([test, leak, other], None)
    assert kept == [test, other]
    assert [(item.pair, item.reason) for item in rejected] == [(leak, "leaks-into-test")]


def test_a_training_pair_that_means_a_test_question_is_taken_out() -> None:
    test = sided("How long do refunds take?", "test", "c1")
    leak = sided("When do I get my money back?", "train", "c2")
    far = sided("Who opens the shop?", "train", "c3")
    directions = {test.question: (1.0, 0.0), leak.question: (0.99, 0.141), far.question: (0.0, 1.0)}

    def vectors(questions: Sequence[str]) -> NDArray[np.float32]:
        return np.array([directions[question] for question in questions], dtype=np.float32)

    kept, rejected = without_leaks([test, leak, far], vectors)
    assert kept == [test, far]
    assert [item.reason for item in rejected] == ["same-meaning-as-test"]


def test_a_pair_with_passages_on_two_sides_is_taken_out() -> None:
    test = sided("How long do refunds take?", "test", "c1")
    own = sided("Who opens the shop at nine?", "train", "c2", "The manager.")
    both = replace(own, id="both", question="Who opens it?", further=(Evidence("c1", "five"),))
    kept, rejected = without_leaks([test, own, both], None)
    assert kept == [test, own]
    assert [item.reason for item in rejected] == ["on-two-sides"]

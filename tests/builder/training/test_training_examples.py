"""Every pair is learned with its passage in sight, and nothing depends on luck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import make_chunk, make_pair

from builder.records import Chunk, QAPair
from builder.training.examples import Bundle, Mix, make_bundles

CHUNKS = {f"c{n}": make_chunk(f"c{n}", f"Text {n}.") for n in range(8)}


def near(pair: QAPair) -> Sequence[Chunk]:
    """An index that finds the pair's own chunk and its neighbours."""
    own = int(pair.chunk_id[1:])
    return [CHUNKS[f"c{(own + step) % len(CHUNKS)}"] for step in range(5)]


def make_pairs(answerable: int, unanswerable: int) -> list[QAPair]:
    pairs = [make_pair(n, f"c{n % 8}") for n in range(answerable)]
    return pairs + [
        make_pair(n, f"c{n % 8}", answer="The documents do not say.", answerable=False)
        for n in range(answerable, answerable + unanswerable)
    ]


def mix(passages: int = 3, questions: int = 4, closed: float = 0.0, seed: int = 7) -> Mix:
    return Mix(passages, questions, closed, seed)


def with_passages(bundles: Sequence[Bundle]) -> list[Bundle]:
    return [bundle for bundle in bundles if bundle.passages]


COUNTS = [(1, 0), (30, 0), (30, 6), (0, 5)]


@pytest.mark.parametrize(("answerable", "unanswerable"), COUNTS)
@pytest.mark.parametrize("passages", [1, 3, 5])
def test_every_pair_stands_once_beside_its_own_passage(
    answerable: int, unanswerable: int, passages: int
) -> None:
    pairs = make_pairs(answerable, unanswerable)
    by_question = {pair.question: pair for pair in pairs}
    bundles = make_bundles(pairs, CHUNKS, near, mix(passages))

    asked = Counter(item.question for bundle in bundles for item in bundle.items)
    assert asked == Counter(by_question.keys())
    for bundle in bundles:
        assert len(bundle.items) <= 4
        assert len(bundle.passages) <= passages
        assert len({chunk.id for chunk in bundle.passages}) == len(bundle.passages)
        for item in bundle.items:
            pair = by_question[item.question]
            assert item.answer == pair.answer
            if pair.answerable:
                assert item.passage is not None
                assert bundle.passages[item.passage - 1].id == pair.chunk_id
            else:
                assert item.passage is None
                assert pair.chunk_id not in {chunk.id for chunk in bundle.passages}


def test_the_right_passage_stands_in_every_place() -> None:
    """Always the first, and the model would learn to cite [1]."""
    bundles = make_bundles(make_pairs(64, 0), CHUNKS, near, mix(questions=1))
    places = Counter(bundle.items[0].passage for bundle in bundles)
    assert set(places) == {1, 2, 3}
    assert min(places.values()) >= 10


def test_questions_about_the_same_passages_share_them() -> None:
    bundles = make_bundles(make_pairs(32, 0), CHUNKS, near, mix(questions=4))
    assert sum(len(bundle.items) for bundle in bundles) == 32
    assert len(bundles) <= 12  # alone, each would need a set of its own


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_share_of_the_pairs_is_asked_with_the_book_closed_too(share: float) -> None:
    pairs = make_pairs(40, 4)
    bundles = make_bundles(pairs, CHUNKS, near, mix(closed=share))
    closed = [item for bundle in bundles if not bundle.passages for item in bundle.items]
    assert len(closed) == round(40 * share)
    assert len({item.question for item in closed}) == len(closed)
    assert all(item.passage is None for item in closed)
    answers = {pair.question: pair for pair in pairs}
    assert all(answers[item.question].answerable for item in closed)
    assert sum(len(bundle.items) for bundle in with_passages(bundles)) == len(pairs)


@settings(max_examples=25)
@given(st.integers(0, 20), st.integers(0, 5), st.integers(0, 1000), st.randoms())
def test_the_same_pairs_make_the_same_bundles_in_whatever_order_they_come(
    answerable: int, unanswerable: int, seed: int, chance: object
) -> None:
    pairs = make_pairs(answerable, unanswerable)
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    settings_of = mix(closed=0.3, seed=seed)
    assert make_bundles(pairs, CHUNKS, near, settings_of) == make_bundles(
        shuffled, CHUNKS, near, settings_of
    )


def test_another_seed_makes_other_bundles() -> None:
    pairs = make_pairs(30, 0)
    one, other = (make_bundles(pairs, CHUNKS, near, mix(seed=seed)) for seed in (1, 2))
    assert one != other


def test_an_index_that_finds_nothing_leaves_the_right_passage_alone() -> None:
    (bundle,) = make_bundles([make_pair(1, "c1")], CHUNKS, lambda _: [], mix())
    assert bundle.passages == (CHUNKS["c1"],)
    assert bundle.items[0].passage == 1

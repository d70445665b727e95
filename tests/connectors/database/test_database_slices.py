"""Stretches of keys that hold still."""

from __future__ import annotations

import random
from itertools import pairwise

from connectors.database.slices import MOST_ROWS, Slice, slices


def cut(numbers: list[int], changed: int | None = None) -> list[Slice]:
    return list(slices(((n,), b"x" if n == changed else str(n).encode()) for n in numbers))


def test_every_row_is_in_one_slice_and_none_is_too_long() -> None:
    found = cut(list(range(8_000)))
    assert found[0].start is None
    assert found[-1].end is None
    assert [part.end for part in found[:-1]] == [part.start for part in found[1:]]
    starts = [0, *(part.start[0] for part in found[1:] if part.start), 8_000]
    lengths = [after - before for before, after in pairwise(starts)]
    assert max(lengths) <= MOST_ROWS
    assert 150 < sum(lengths) / len(lengths) < 500


def test_a_row_that_comes_goes_or_changes_leaves_the_others_alone() -> None:
    chance = random.Random(7)  # noqa: S311
    numbers = sorted(chance.sample(range(1_000_000), 3_000))
    before = set(cut(numbers))
    for _ in range(8):
        victim = chance.choice(numbers)
        without = set(cut([n for n in numbers if n != victim]))
        assert 1 <= len(before - without) <= 5
        assert len(before - set(cut(numbers, changed=victim))) == 1


def test_no_rows_are_no_slice() -> None:
    assert cut([]) == []

"""Intervals hold their mean, repeat, narrow with more questions and pair by question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.evaluation.bootstrap import difference_interval, mean_interval

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(SHARES)
@settings(max_examples=30, deadline=None)
def test_the_interval_holds_the_mean(values: list[float]) -> None:
    found = mean_interval(values)
    assert found is not None
    assert found.low <= found.mean <= found.high
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert found == mean_interval(values)


def test_a_known_case() -> None:
    found = mean_interval([0.0, 1.0] * 50)
    assert found is not None
    # standard error 0.05: the interval is near ±1.96 of it
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)
    assert found.n == 100


def test_pairing_finds_a_small_steady_gain() -> None:
    before = [0.0, 1.0] * 20
    after = [value + 0.01 for value in before]
    paired = difference_interval(after, before)
    assert paired is not None
    assert paired.low > 0
    alone = mean_interval(after)
    assert alone is not None
    assert alone.low < 0.5 < alone.high


def test_nothing_has_no_interval() -> None:
    assert mean_interval([]) is None
    assert difference_interval([], []) is None


def test_arms_must_be_asked_the_same_questions() -> None:
    with pytest.raises(ValueError, match="zip"):
        difference_interval([1.0], [1.0, 2.0])

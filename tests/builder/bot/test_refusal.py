"""How sure the bot is, and how a bot's own documents move the scale."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from bot_cases import DELIVERY, RETURNS
from hypothesis import given
from hypothesis import strategies as st

from builder.bot.ranking import Candidate
from builder.bot.refusal import (
    CENTRE,
    FEWEST,
    FILE,
    MAX_DOWN,
    MAX_UP,
    USUAL,
    USUAL_SCALE,
    confidence,
    evidence,
    fitted,
    read_scale,
    write_scale,
)
from builder.bot.units import units_of
from builder.records import Passage

SCORE = st.floats(-1, 1)


def unit_of(likeness: float, tells: float = 0.0) -> Candidate:
    """A unit of the returns as like the question as that."""
    return Candidate(units_of(RETURNS)[0], likeness, likeness + tells)


@given(SCORE, SCORE)
def test_confidence_is_a_share_and_grows_with_both_signs(similarity: float, unit: float) -> None:
    def sure(by: float, best: float) -> float:
        return confidence(evidence([Passage(RETURNS, 1.0, by, 0.0)], [unit_of(best)]))

    value = sure(similarity, unit)
    assert 0.0 <= value <= 1.0
    assert sure(min(1.0, similarity + 0.1), unit) >= value
    assert sure(similarity, min(1.0, unit + 0.1)) >= value


def test_one_near_passage_among_the_first_is_enough() -> None:
    near, far = Passage(RETURNS, 1.0, 0.92, 0.8), Passage(DELIVERY, 1.0, 0.75, 0.0)
    unit = [unit_of(0.9)]
    assert confidence(evidence([], [])) < 0.01
    assert evidence([far, far, near], unit) == evidence([near], unit)
    assert evidence([far, far, far, near], unit) == evidence([far], unit)


def test_what_a_unit_tells_says_nothing_of_what_it_is_about() -> None:
    """`3 days` in the wrong sentence is no reason to answer."""
    passages = [Passage(RETURNS, 1.0, 0.9, 0.5)]
    assert evidence(passages, [unit_of(0.8, tells=0.1)]) == evidence(passages, [unit_of(0.8)])
    assert evidence(passages, [unit_of(0.7), unit_of(0.8)]) == evidence(passages, [unit_of(0.8)])


@pytest.mark.parametrize(
    ("offset", "moved"), [(-0.5, -MAX_DOWN), (-0.02, -0.01), (0.004, 0.002), (0.5, MAX_UP)]
)
def test_with_the_known_embedder_documents_move_the_scale_half_way_and_not_far(
    offset: float, moved: float
) -> None:
    hidden = [CENTRE + offset] * FEWEST
    scale = fitted("e5", True, [one + 0.05 for one in hidden], hidden)
    assert scale.centre == pytest.approx(CENTRE + moved)
    assert confidence(scale.centre, scale) == pytest.approx(USUAL)


def test_another_embedder_gets_a_scale_of_its_own() -> None:
    hidden = [0.3 + 0.01 * step for step in range(30)]
    visible = [0.7 + 0.01 * step for step in range(30)]
    scale = fitted("other", False, visible, hidden)
    assert min(hidden) < scale.centre < max(hidden)
    assert all(confidence(one, USUAL_SCALE) < USUAL for one in visible), (
        "the usual one fits nothing"
    )
    assert all(confidence(one, scale) > USUAL for one in visible)


def test_a_handful_of_questions_moves_nothing() -> None:
    scale = fitted("other", False, [0.9], [0.1])
    assert (scale.centre, scale.spread) == (USUAL_SCALE.centre, USUAL_SCALE.spread)
    assert fitted("other", False, [], []).curve == ()


def test_the_curve_goes_from_answering_all_to_refusing_all() -> None:
    hidden = [CENTRE - 0.03 + 0.002 * step for step in range(30)]
    curve = fitted("e5", True, [one + 0.02 for one in hidden], hidden).curve
    assert [trade.threshold for trade in curve] == sorted(trade.threshold for trade in curve)
    assert (curve[0].right, curve[0].wrong) == (0.0, 0.0)
    assert (curve[-1].right, curve[-1].wrong) == (1.0, 1.0)
    assert all(trade.right >= trade.wrong for trade in curve)
    for before, after in itertools.pairwise(curve):
        assert after.right >= before.right
        assert after.wrong >= before.wrong


def test_a_scale_holds_for_the_embedder_that_it_was_fitted_with(tmp_path: Path) -> None:
    assert read_scale(tmp_path, "other") == USUAL_SCALE
    scale = fitted("other", False, [0.8] * 30, [0.01 * step for step in range(30)])
    write_scale(tmp_path, scale)
    assert read_scale(tmp_path, "other") == scale
    assert read_scale(tmp_path, "another") == USUAL_SCALE
    (tmp_path / FILE).write_text("{damaged", encoding="utf-8")
    assert read_scale(tmp_path, "other") == USUAL_SCALE

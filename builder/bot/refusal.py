"""How sure the passages make the bot that they answer a question, on a scale fitted to its
documents; below `answer.min_support` it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.bot.ranking import Candidate
from builder.jsonl import from_object, to_line
from builder.records import Passage
from builder.workspace import write_text

UNIT_WEIGHT = 0.25
"""Of the best unit's score beside the best chunk's cosine: chosen on the even questions of the two
handbooks, confirmed on the odd ones (`python -m benchmarks.refusing`)."""
USUAL = 0.4
"""The confidence at a scale's `centre`, and the default of `answer.min_support`."""
CENTRE = 1.0835
"""Evidence below which a tenth of people's answerable questions lie, with the embedded embedder: on
the mean of three bots (1.094 and 1.091 the handbooks, 1.065 the sample company)."""
SPREAD = 0.025
"""Standard deviation of the evidence of unanswerable questions, with the embedded embedder."""
STEEPNESS = 1.75
"""Of the logistic, in spreads."""
HIDDEN_SHARE = 0.4
"""Share of generated questions with their document hidden that lies below the centre: of those
three bots it lies at 1.088, 1.108 and 1.054, so half of its distance from `CENTRE` is followed."""
MAX_DOWN, MAX_UP = 0.015, 0.005
"""Most that a bot's documents move the centre. Generated questions are nearer to the text than
people's, so they are little reason to refuse more."""
READER_WEIGHT, READER_CENTRE = 2.0, 0.2
"""What a reader's log-odds count beside the confidence's own, and where they speak for neither:
chosen with Qwen2.5-Coder 1.5B on the two handbooks' questions."""
FEWEST = 20
"""Questions below which a scale is not fitted."""
FILE = "refusal.json"
THRESHOLDS = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class Trade:
    """Shares (0…1) of refused questions at one threshold: with their document hidden, which is
    right, and with it there, which is wrong."""

    threshold: float
    right: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Evidence → confidence, and what was seen when it was fitted."""

    embedder: str = ""
    centre: float = CENTRE
    spread: float = SPREAD
    questions: int = 0
    curve: tuple[Trade, ...] = ()


USUAL_SCALE = Scale()


def evidence(passages: Sequence[Passage], ranked: Sequence[Candidate]) -> float:
    """What speaks for an answer in the passages: the best cosine, and the likeness of the best of
    their units (`ranking.ranked_units`)."""
    similarity = max((passage.similarity for passage in passages[:3]), default=0.0)
    return similarity + UNIT_WEIGHT * max((one.likeness for one in ranked), default=0.0)


def confidence(found: float, scale: Scale = USUAL_SCALE) -> float:
    """How likely (0…1) the passages answer the question, by the evidence that they hold."""
    steps = STEEPNESS * (found - scale.centre) / scale.spread
    usual = math.log(USUAL / (1.0 - USUAL))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, steps + usual))))


def swayed(sure: float, log_odds: float) -> float:
    """The confidence with what a reader says (`bot.reader`) added to its log-odds."""
    own = math.log(max(sure, 1e-3) / max(1.0 - sure, 1e-3))
    both = own + READER_WEIGHT * (log_odds - READER_CENTRE)
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, both))))


def fitted(embedder: str, known: bool, visible: Sequence[float], hidden: Sequence[float]) -> Scale:
    """The scale for a bot, from the evidence of questions with their document and without it.

    `known`: the embedder is the one of the usual scale, which then moves by half of what these
    questions say and never far; for another embedder they are all there is.
    """
    import numpy as np

    scale = Scale(embedder)
    if len(hidden) >= FEWEST:
        centre = float(np.quantile(np.array(hidden), HIDDEN_SHARE))
        if known:
            shift = max(-MAX_DOWN, min(MAX_UP, (centre - CENTRE) / 2))
            scale = Scale(embedder, round(CENTRE + shift, 4))
        else:
            spread = max(1e-4, float(np.std(np.array(hidden))))
            scale = Scale(embedder, round(centre, 4), round(spread, 5))
    return Scale(embedder, scale.centre, scale.spread, len(hidden), _curve(scale, visible, hidden))


def _curve(scale: Scale, visible: Sequence[float], hidden: Sequence[float]) -> tuple[Trade, ...]:
    if not visible or not hidden:
        return ()

    def refused(found: Sequence[float], threshold: float) -> float:
        return round(sum(confidence(one, scale) < threshold for one in found) / len(found), 4)

    return tuple(Trade(t, refused(hidden, t), refused(visible, t)) for t in THRESHOLDS)


def write_scale(folder: Path, scale: Scale) -> None:
    """Keep the scale in the index folder."""
    write_text(folder / FILE, to_line(scale) + "\n")


def read_scale(folder: Path, embedder: str) -> Scale:
    """The scale in the index folder; the usual one where there is none, or another embedder's."""
    try:
        scale = from_object(Scale, json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return USUAL_SCALE
    return scale if scale.embedder == embedder and scale.spread > 0 else USUAL_SCALE

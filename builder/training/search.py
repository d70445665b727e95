"""Rank, rate and epochs by trial: Optuna proposes, short trainings answer, the hopeless are cut."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from builder.config import TrainingSection
from builder.errors import TrainingFailed, UsageError
from builder.training.loop import Progress, Run, train

RANKS = (8, 16, 32)
RATES = (1e-4, 3e-3)
EPOCHS = (1.0, 2.0, 4.0, 8.0)
TRIALS = 20
OF_TIME = 0.25
"""Most of the time that one trial may take."""

Load = Callable[[TrainingSection], Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """One trial. `loss` is None where it came to none."""

    rank: int
    learning_rate: float
    epochs: float
    loss: float | None
    steps: int
    cut: bool
    """Whether it was given up half-way, as worse than the others had been there."""


def search(
    load: Load, run: Run, settings: TrainingSection, minutes: float, say: Callable[[str], None]
) -> list[Tried]:
    """Train again and again with other settings for so many minutes; the best trial first.

    The first trial has the given settings. `load` gives the untrained model for settings. Raises
    UsageError without Optuna, or without validation pairs.
    """
    optuna = _optuna()
    if not run.validation:
        raise UsageError(
            "a search needs validation pairs, and there are none.", "", "Add more documents."
        )
    ends = time.monotonic() + minutes * 60
    done: list[Tried] = []

    def trial(proposed: Any) -> float:
        """Train once with the proposed settings → its best validation loss."""
        left = max(0.1, (ends - time.monotonic()) / 60)
        chosen = _proposal(proposed, settings, min(left, minutes * OF_TIME))
        tried = _try(proposed, load, run, chosen)
        done.append(tried)
        say(_line(len(done), tried))
        if tried.cut:
            raise optuna.TrialPruned
        return math.inf if tried.loss is None else tried.loss

    study = optuna.create_study(
        direction="minimize",
        sampler=optuna.samplers.TPESampler(seed=settings.seed, n_startup_trials=4),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=2),
    )
    study.enqueue_trial(
        {"rank": settings.rank, "learning_rate": settings.learning_rate, "epochs": settings.epochs},
        skip_if_exists=True,
    )
    study.optimize(trial, n_trials=TRIALS, timeout=minutes * 60)
    return sorted(done, key=lambda t: (t.cut, math.inf if t.loss is None else t.loss))


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as exc:
        raise UsageError(
            "the search needs Optuna, which is not installed.",
            "train --search",
            'Install it: pip install "monoshiri[search]".',
        ) from exc
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _proposal(proposed: Any, settings: TrainingSection, minutes: float) -> TrainingSection:
    ranks = sorted({*RANKS, settings.rank})
    rates = (min(RATES[0], settings.learning_rate), max(RATES[1], settings.learning_rate))
    rank = proposed.suggest_categorical("rank", ranks)
    return settings.model_copy(
        update={
            "rank": rank,
            "alpha": 2 * rank,
            "learning_rate": proposed.suggest_float("learning_rate", *rates, log=True),
            "epochs": proposed.suggest_categorical("epochs", sorted({*EPOCHS, settings.epochs})),
            "max_minutes": minutes,
        }
    )


def _try(proposed: Any, load: Load, run: Run, settings: TrainingSection) -> Tried:
    losses: list[float] = []
    steps = 0
    cut = False

    def report(progress: Progress) -> None:
        """Hand each validation to Optuna and stop where it says so."""
        nonlocal steps, cut
        steps = progress.step
        if progress.validation is None:
            return
        losses.append(progress.validation)
        proposed.report(progress.validation, len(losses))
        cut = bool(proposed.should_prune())
        if cut:
            raise _Cut

    folder = run.folder / "search"
    shutil.rmtree(folder, ignore_errors=True)  # trials are not gone on with
    try:
        train(load(settings), replace(run, folder=folder, quality=None), settings, report)
    except (_Cut, TrainingFailed):  # a rate so high that the loss is no number is a result too
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Tried(
        rank=settings.rank,
        learning_rate=settings.learning_rate,
        epochs=settings.epochs,
        loss=min(losses, default=None),
        steps=steps,
        cut=cut,
    )


class _Cut(Exception):
    """Given up by the pruner."""


def _line(number: int, tried: Tried) -> str:
    loss = "no loss" if tried.loss is None else f"validation loss {tried.loss:.3f}"
    return (
        f"  trial {number}: rank {tried.rank}, rate {tried.learning_rate:.2g}, "
        f"{tried.epochs:g} epochs: {loss} after {tried.steps} steps{', given up' * tried.cut}"
    )

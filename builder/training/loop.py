"""The training loop: AdamW, warm-up and linear decay, validation, the best step kept.

Everything that decides the result is fixed before the first step (order of examples, number of
steps, learning rates), so a run that was killed and gone on with ends where it would have ended.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.config import TrainingSection
from builder.errors import TrainingFailed
from builder.training import checkpoint
from builder.training.checkpoint import Point, RunState, Tensors
from builder.training.curve import impatient
from builder.training.gradients import Gradients
from builder.training.methods import restore_weights, trained_weights
from builder.training.optimizer import make_optimizer
from builder.training.pace import FORWARD_SPEED, Pace, planned_steps
from builder.training.packing import Tree, total_tokens
from builder.training.schedule import rate, schedule, spread, up_to
from builder.training.workers import ALONE, Workers

MAX_GRADIENT = 1.0
VALIDATION_TOKENS = 6000
PROBED = 3
SAVE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What the progress line shows after a step."""

    step: int
    total_steps: int
    loss: float
    """Mean over the answer tokens of the step, in nats."""
    validation: float | None
    tokens_per_second: float
    seconds_left: float
    quality: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained on, and where it is kept meanwhile."""

    train: Sequence[Tree]
    validation: Sequence[Tree]
    folder: Path
    fingerprint: str
    device: str
    quality: Callable[[Any], float] | None = None
    """Score (0…1) of the model's own answers, taken with each validation."""
    workers: Workers = ALONE
    loading: float = 0.0
    """Seconds of the time limit that were spent before."""
    ending: float = 0.0
    """Seconds of it that the rest will take after the last step."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The result: weights of the best step, and how the run went."""

    weights: dict[str, Any]
    state: RunState


def train(
    model: Any, run: Run, settings: TrainingSection, report: Callable[[Progress], None]
) -> Trained:
    """Train `model`; goes on from a checkpoint of the same run if there is one.

    Ends early when validation gets no better (`settings.patience`). Raises TrainingFailed when the
    loss is not a number; Ctrl-C saves a checkpoint and passes on.
    """
    trainer = _Trainer(model, run, settings)
    try:
        while not trainer.done:
            report(trainer.step())
    except KeyboardInterrupt:
        if trainer.between_steps:  # else the last checkpoint stands, and the steps are done again
            trainer.save()
        raise
    return Trained(trainer.best, trainer.state)


class _Trainer:
    def __init__(self, model: Any, run: Run, settings: TrainingSection) -> None:
        self.model, self.run, self.settings = model, run, settings
        self.gradients = Gradients(model, run.device)
        self.parameters = self.gradients.parameters
        self.optimizer = make_optimizer(self.parameters, run.device, settings.learning_rate)
        self.validation = list(up_to(run.validation, VALIDATION_TOKENS))
        found = checkpoint.load(run.folder, run.fingerprint)
        if found:
            self.state, tensors = found
            self.best = tensors.best
            restore_weights(model, tensors.weights)
            checkpoint.restore_optimizer(self.optimizer, tensors.optimizer)
        else:
            self.best = trained_weights(model)
            self.state = RunState(
                fingerprint=run.fingerprint,
                total_steps=self._plan_steps(),
                step=0,
                tokens=0,
                seconds=0.0,
                best_step=0,
                best_validation=None,
                curve=(),
            )
        self.batches = schedule(run.train, settings, self.state.total_steps)
        self.saved_at = time.monotonic()
        self.between_steps = True
        """False while the weights are ahead of `state`: then nothing may be saved."""

    @property
    def done(self) -> bool:
        """Whether all steps are made, or more of them would not help."""
        state = self.state
        return state.step >= state.total_steps or impatient(state.curve, self.settings.patience)

    def step(self) -> Progress:
        """One optimizer step, with validation and checkpoint where they are due."""
        import torch

        began = time.monotonic()
        number = self.state.step + 1
        batch = self.batches[self.state.step]
        torch.manual_seed(self.settings.seed + number)  # dropout: the same when gone on with
        loss = self._accumulate(batch)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, MAX_GRADIENT)
        if not math.isfinite(loss) or not math.isfinite(norm):
            raise TrainingFailed(
                f"the loss was not a number at step {number}.",
                str(self.run.folder),
                "The last checkpoint is kept. Lower `training.learning_rate` and train again.",
            )
        for group in self.optimizer.param_groups:
            group["lr"] = rate(number, self.state.total_steps, self.settings.learning_rate)
        self.between_steps = False
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        tokens = total_tokens(batch)
        speed = tokens / (time.monotonic() - began)
        point = Point(number, round(loss, 4))
        if self._validation_due(number):
            asked = self.run.quality
            quality = round(asked(self.model), 4) if asked else None
            point = replace(point, validation=self._validate(), quality=quality)
        self._advance(point, tokens, time.monotonic() - began)
        left = self.state.total_steps - number
        return Progress(
            step=number,
            total_steps=self.state.total_steps,
            loss=loss,
            validation=point.validation,
            tokens_per_second=speed,
            seconds_left=left * self.state.seconds / number,
            quality=point.quality,
        )

    def save(self) -> None:
        """Write a checkpoint now."""
        self.saved_at = time.monotonic()
        if not self.run.workers.leads:
            return
        tensors = Tensors(
            weights=trained_weights(self.model),
            best=self.best,
            optimizer=checkpoint.optimizer_tensors(self.optimizer),
        )
        checkpoint.save(self.run.folder, self.state, tensors)

    def _advance(self, point: Point, tokens: int, seconds: float) -> None:
        old = self.state
        better = point.validation is not None and (
            old.best_validation is None or point.validation < old.best_validation
        )
        newest = better or not self.validation
        if newest:
            self.best = trained_weights(self.model)
        self.state = replace(
            old,
            step=point.step,
            tokens=old.tokens + tokens,
            seconds=old.seconds + seconds,
            best_step=point.step if newest else old.best_step,
            best_validation=point.validation if better else old.best_validation,
            curve=(*old.curve, point),
        )
        self.between_steps = True
        if better or time.monotonic() - self.saved_at > SAVE_SECONDS:
            self.save()

    def _accumulate(self, batch: Sequence[Tree]) -> float:
        """Gradients of the mean loss over all answer tokens of the batch; returns that mean."""
        answer_tokens = sum(tree.answer_tokens for tree in batch)
        workers = self.run.workers
        loss = sum(self.gradients.add(tree, answer_tokens) for tree in workers.share(batch))
        self.gradients.keep_pace(min(batch, key=len), workers.missing(batch))
        workers.sum_gradients(self.parameters)
        return workers.total(loss)

    def _validation_due(self, number: int) -> bool:
        if not self.validation:
            return False
        total, times = self.state.total_steps, self.settings.validations
        return number * times // total > (number - 1) * times // total  # the last step is one

    def _validate(self) -> float:
        return round(self.run.workers.agreed(self.gradients.loss(self.validation)), 4)

    def _plan_steps(self) -> int:
        run, began = self.run, time.monotonic()
        speed = run.workers.total(self._measure_speed())
        quality = self._measure_quality()
        probed = time.monotonic() - began
        pace = Pace(
            training=speed,
            validating=FORWARD_SPEED * speed / run.workers.count,
            loading=run.workers.agreed(run.loading + probed),
            quality=run.workers.agreed(quality),
            ending=run.workers.agreed(run.ending),
        )
        return planned_steps(run.train, self.validation, self.settings, pace)

    def _measure_speed(self) -> float:
        """Tokens a second, from a forward and backward pass over a few examples."""
        return self.gradients.speed(spread(self.run.train, PROBED))

    def _measure_quality(self) -> float:
        """Seconds of a look at the model's own answers."""
        began = time.monotonic()
        if self.run.quality:
            self.run.quality(self.model)
        return time.monotonic() - began

"""The training loop: AdamW, warm-up and linear decay, validation, the best step kept.

Everything that decides the result is fixed before the first step (order of examples, number of
steps, learning rates), so a run that was killed and gone on with ends where it would have ended.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.config import TrainingSection
from builder.errors import TrainingFailed
from builder.training import checkpoint
from builder.training.checkpoint import Point, RunState, Tensors
from builder.training.packing import Tree, answer_loss, pack, total_tokens
from builder.training.qlora import adapter_weights, restore_adapter

WARM_UP = 0.06
FINAL_RATE = 0.1  # of the peak learning rate
MAX_GRADIENT = 1.0
VALIDATION_TOKENS = 6000
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


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained on, and where it is kept meanwhile."""

    train: Sequence[Tree]
    validation: Sequence[Tree]
    folder: Path
    fingerprint: str
    device: str


@dataclass(frozen=True, slots=True)
class Trained:
    """The result: weights of the best step, and how the run went."""

    weights: dict[str, Any]
    state: RunState


def train(
    model: Any, run: Run, settings: TrainingSection, report: Callable[[Progress], None]
) -> Trained:
    """Train the adapter of `model`; goes on from a checkpoint of the same run if there is one.

    Raises TrainingFailed when the loss is not a number; Ctrl-C saves a checkpoint and passes on.
    """
    trainer = _Trainer(model, run, settings)
    try:
        while trainer.state.step < trainer.state.total_steps:
            report(trainer.step())
    except KeyboardInterrupt:
        if trainer.between_steps:  # else the last checkpoint stands, and the steps are done again
            trainer.save()
        raise
    return Trained(trainer.best, trainer.state)


class _Trainer:
    def __init__(self, model: Any, run: Run, settings: TrainingSection) -> None:
        import torch

        self.model, self.run, self.settings = model, run, settings
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=settings.learning_rate, weight_decay=0.0, betas=(0.9, 0.99)
        )
        self.validation = list(_up_to(run.validation, VALIDATION_TOKENS))
        found = checkpoint.load(run.folder, run.fingerprint)
        if found:
            self.state, tensors = found
            self.best = tensors.best
            restore_adapter(model, tensors.adapter)
            checkpoint.restore_optimizer(self.optimizer, tensors.optimizer)
        else:
            self.best = adapter_weights(model)
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
        self.batches = _schedule(run.train, settings, self.state.total_steps)
        self.saved_at = time.monotonic()
        self.between_steps = True
        """False while the weights are ahead of `state`: then nothing may be saved."""

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
            group["lr"] = _rate(number, self.state.total_steps, self.settings.learning_rate)
        self.between_steps = False
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        tokens = total_tokens(batch)
        speed = tokens / (time.monotonic() - began)
        validation = self._validate() if self._validation_due(number) else None
        self._advance(number, loss, validation, tokens, time.monotonic() - began)
        left = self.state.total_steps - number
        return Progress(
            step=number,
            total_steps=self.state.total_steps,
            loss=loss,
            validation=validation,
            tokens_per_second=speed,
            seconds_left=left * self.state.seconds / number,
        )

    def save(self) -> None:
        """Write a checkpoint now."""
        tensors = Tensors(
            adapter=adapter_weights(self.model),
            best=self.best,
            optimizer=checkpoint.optimizer_tensors(self.optimizer),
        )
        checkpoint.save(self.run.folder, self.state, tensors)
        self.saved_at = time.monotonic()

    def _advance(
        self, number: int, loss: float, validation: float | None, tokens: int, seconds: float
    ) -> None:
        old = self.state
        better = validation is not None and (
            old.best_validation is None or validation < old.best_validation
        )
        if better or not self.validation:
            self.best = adapter_weights(self.model)
        self.state = RunState(
            fingerprint=old.fingerprint,
            total_steps=old.total_steps,
            step=number,
            tokens=old.tokens + tokens,
            seconds=old.seconds + seconds,
            best_step=number if better or not self.validation else old.best_step,
            best_validation=validation if better else old.best_validation,
            curve=(*old.curve, Point(number, round(loss, 4), validation)),
        )
        self.between_steps = True
        if better or time.monotonic() - self.saved_at > SAVE_SECONDS:
            self.save()

    def _accumulate(self, batch: Sequence[Tree]) -> float:
        """Gradients of the mean loss over all answer tokens of the batch; returns that mean."""
        answer_tokens = sum(tree.answer_tokens for tree in batch)
        return sum(self._backward(tree, answer_tokens) for tree in batch)

    def _backward(self, tree: Tree, answer_tokens: int) -> float:
        """Out of memory is answered by halves of the tree: the same gradient in smaller pieces."""
        try:
            return self._backward_whole(tree, answer_tokens)
        except (MemoryError, RuntimeError) as exc:
            if not _out_of_memory(exc):
                raise
            if len(tree.branches) < 2:
                raise TrainingFailed(
                    f"out of memory with a single example of {len(tree)} tokens.",
                    str(self.run.folder),
                    "Lower `retrieval.passages` or `chunks.tokens`, or use a smaller model.",
                ) from exc
        half = len(tree.branches) // 2
        left, right = tree.branches[:half], tree.branches[half:]
        return sum(self._backward(Tree(tree.prefix, part), answer_tokens) for part in (left, right))

    def _backward_whole(self, tree: Tree, answer_tokens: int) -> float:
        """All of the tree's gradients are added or, where memory ends half-way, none."""
        import torch

        loss = answer_loss(self.model, pack(tree, self.run.device)) / answer_tokens
        gradients = torch.autograd.grad(loss, self.parameters)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient if parameter.grad is None else parameter.grad.add_(gradient)
        return float(loss.detach())

    def _validation_due(self, number: int) -> bool:
        if not self.validation:
            return False
        total, times = self.state.total_steps, self.settings.validations
        return number * times // total > (number - 1) * times // total  # the last step is one

    def _validate(self) -> float:
        import torch

        self.model.eval()
        with torch.no_grad():
            total = sum(
                float(answer_loss(self.model, pack(tree, self.run.device)))
                for tree in self.validation
            )
        self.model.train()
        return round(total / sum(tree.answer_tokens for tree in self.validation), 4)

    def _plan_steps(self) -> int:
        """Steps for the epochs asked for, or fewer where the time limit allows no more."""
        whole = total_tokens(self.run.train) * self.settings.epochs
        speed = self._measure_speed()
        validating = total_tokens(self.validation) * self.settings.validations / 2.5
        affordable = max(0.0, self.settings.max_minutes * 60 * speed - validating)
        return max(1, round(min(whole, affordable) / self.settings.batch_tokens))

    def _measure_speed(self) -> float:
        """Tokens a second, from a forward and backward pass over a few examples."""
        tree = sorted(self.run.train, key=len)[len(self.run.train) // 2]
        self._backward(tree, tree.answer_tokens)  # the first pass also warms caches
        began = time.monotonic()
        self._backward(tree, tree.answer_tokens)
        self.optimizer.zero_grad(set_to_none=True)
        return len(tree) / (time.monotonic() - began)


def _schedule(trees: Sequence[Tree], settings: TrainingSection, steps: int) -> list[list[Tree]]:
    """The examples of every step: epochs of seeded shuffles, cut at `batch_tokens`."""
    stream = _epochs(trees, settings.seed)
    batches: list[list[Tree]] = []
    for _ in range(steps):
        batch: list[Tree] = []
        while total_tokens(batch) < settings.batch_tokens:
            batch.append(next(stream))
        batches.append(batch)
    return batches


def _epochs(trees: Sequence[Tree], seed: int) -> Iterator[Tree]:
    rng = random.Random(seed)  # noqa: S311 (shuffling, not secrets)
    while True:
        order = list(trees)
        rng.shuffle(order)
        yield from order


def _rate(step: int, total: int, peak: float) -> float:
    warm = max(1, round(WARM_UP * total))
    if step <= warm:
        return peak * step / warm
    done = (step - warm) / max(1, total - warm)
    return peak * (1.0 - (1.0 - FINAL_RATE) * done)


def _up_to(trees: Sequence[Tree], tokens: int) -> Iterator[Tree]:
    taken = 0
    for tree in trees:
        if taken and taken + len(tree) > tokens:
            return
        taken += len(tree)
        yield tree


def _out_of_memory(exc: Exception) -> bool:
    text = str(exc).lower()
    return isinstance(exc, MemoryError) or "out of memory" in text or "can't allocate" in text

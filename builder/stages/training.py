"""train: the dataset's training split → adapters/vN/ (a tuned model with its card)."""

from __future__ import annotations

import json
import time
from typing import Any

from builder.bot.models import newest_adapter
from builder.errors import StageMissing
from builder.evaluation.metrics import holds_answer
from builder.models.catalog import ModelSource
from builder.records import StageReport
from builder.stages.adapters import Outcome, retire_adapters, save_adapter
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.material import (
    ENOUGH,
    OTHER_LANGUAGE,
    Material,
    Usable,
    answer_quality,
    make_material,
    model_to_train,
    start_folder,
    usable_pairs,
    with_replay,
)
from builder.training import checkpoint
from builder.training.curve import warnings
from builder.training.general import Standing, standing
from builder.training.loop import Progress, Run, train
from builder.training.machine import require_disk
from builder.training.methods import load_trainable, restore_weights
from builder.training.packing import total_tokens
from builder.training.sharding import sharding_wanted
from builder.training.sizes import disk_of
from builder.training.start import start_from
from builder.training.workers import Workers, join
from builder.workspace import fingerprint

RECIPE = 4
NOT_TRAINED = {"watts", "kwh_price"}
"""Settings of the section that change nothing in the adapter."""


def run_train(context: Context) -> StageResult:
    """Train an adapter, or say why there is nothing to train on.

    Ctrl-C and kills leave a checkpoint, from which the next run goes on.
    """
    began = time.monotonic()
    source = model_to_train(context)
    mark = train_mark(context, source)
    if done := unchanged(context, "train", mark):
        return done
    usable = usable_pairs(context, source)
    if usable.going_on and not usable.going_on.new:
        return _nothing_new(context, mark, usable)
    if len(usable.pairs) < ENOUGH and not usable.going_on:
        return _nothing_to_learn(context, mark, usable, source)
    material = make_material(context, source, usable)
    workers = join(material.device)
    outcome, model = _train(context, material, mark, began, workers)
    if not workers.leads:
        workers.wait()
        return StageResult(StageReport("train", usable.taken, 0))
    target = save_adapter(context, model, material, outcome)
    checkpoint.clear(context.workspace.adapters / ".run")
    state = outcome.trained.state
    notes = (
        f"adapter {target.name}",
        f"best at step {state.best_step} of {state.total_steps}",
        f"validation loss {state.best_validation}",
        f"general questions right {outcome.before.right} of {outcome.before.asked} before, "
        f"{outcome.after.right} after",
        f"{state.tokens / max(0.1, state.seconds):.0f} tokens/s",
        *outcome.warnings,
    )
    report = StageReport(
        stage="train",
        taken=usable.taken,
        made=len(usable.pairs),
        rejected=usable.rejected,
        seconds=seconds_since(began),
        notes=notes,
    )
    result = finish(context, mark, report)
    workers.wait()
    return result


def training_curve(context: Context) -> tuple[tuple[int, float, float | None], ...]:
    """(step, training loss, validation loss or None) of the newest adapter; empty without one."""
    adapter = newest_adapter(context.workspace)
    if adapter is None or not (adapter / "curve.json").exists():
        return ()
    points = json.loads((adapter / "curve.json").read_text(encoding="utf-8"))
    return tuple((p["step"], p["train"], p["validation"]) for p in points)


def train_mark(context: Context, source: ModelSource) -> str:
    """Fingerprint of all that decides the adapter."""
    folder = context.workspace.dataset
    files = [folder / f"{name}.jsonl" for name in ("train", "validation", "retrieved")]
    config = context.config
    settings = [
        RECIPE,
        config.training.model_dump(exclude=NOT_TRAINED),
        config.retrieval.passages,
        [config.bot.name, config.bot.purpose, config.bot.contact],
        config.privacy.model_dump(),
        source.name,
        list(config.model.languages),
    ]
    return fingerprint(context.workspace.chunks, *files, settings)


def _train(
    context: Context, material: Material, mark: str, began: float, workers: Workers
) -> tuple[Outcome, Any]:
    voice, settings, source = context.voice, material.settings, material.source
    folder = context.workspace.adapters
    require_disk(folder, disk_of(material.shape, settings))
    model = load_trainable(source, material.device, settings, sharded=sharding_wanted())
    asked = time.monotonic()
    before = standing(model, material.speaker, holds_answer)
    ending = time.monotonic() - asked  # the same is asked again, and little else
    trees = with_replay(context, material, model)
    if start := start_folder(context, source):
        start_from(model, start, source.hub_id)
    run = Run(
        train=trees,
        validation=material.validation,
        folder=folder / ".run",
        fingerprint=mark,
        device=material.device,
        quality=answer_quality(context, material),
        workers=workers,
        loading=time.monotonic() - began,
        ending=ending,
    )
    voice.say(
        f"  {len(material.usable.pairs)} pairs in {len(trees)} examples, {total_tokens(trees)} "
        f"tokens; {source.name}, {_how(material)}, on {run.device}"
        + (f", from {start.name}" if start else "")
    )
    trained = train(model, run, settings, lambda progress: _show(context, progress))
    restore_weights(model, trained.weights)
    after = standing(model, material.speaker, holds_answer)
    said = (*_forgot(before, after), *warnings(trained.state.curve, trained.state.total_steps))
    outcome = Outcome(trained, before, after, said, time.monotonic() - began, start)
    return outcome, model


def _forgot(before: Standing, after: Standing) -> tuple[str, ...]:
    lost = before.share - after.share
    if lost <= 0.05:
        return ()
    return (
        f"it forgot general knowledge: {before.right} of {before.asked} general questions right "
        f"before, {after.right} after; raise `training.replay_share` or train fewer epochs",
    )


def _how(material: Material) -> str:
    settings = material.settings
    if settings.method == "last-layers":
        return f"last {settings.last_layers} layers"
    return "all weights" if settings.method == "full" else f"{settings.method} rank {settings.rank}"


def _nothing_new(context: Context, mark: str, usable: Usable) -> StageResult:
    """All has been learned: the adapter in use is the right one, but for what is gone."""
    assert usable.going_on is not None  # noqa: S101 (the caller asked)
    notes = ["nothing new to learn: the adapter stays in use"]
    if usable.going_on.gone:
        notes.append(
            f"it still knows {usable.going_on.gone} pairs that are gone; to train without them "
            "empty `training.start_from`"
        )
    report = StageReport("train", usable.taken, 0, usable.rejected, notes=tuple(notes))
    return finish(context, mark, report)


def _nothing_to_learn(
    context: Context, mark: str, usable: Usable, source: ModelSource
) -> StageResult:
    retired = retire_adapters(context.workspace)
    if not usable.taken:
        raise StageMissing(
            "the dataset has no training pairs.",
            str(context.workspace.dataset),
            "Add documents with more text, or a teacher in bot.toml.",
        )
    count = len(usable.pairs)
    if dict(usable.rejected).get(OTHER_LANGUAGE, 0):
        remedy = "name a model for your documents' language in bot.toml (`model.name`)"
    else:
        remedy = f"at least {ENOUGH} are needed. Add documents with more text"
    notes = [
        f"no adapter: {count} of {usable.taken} training pairs are in a language that "
        f"{source.name} writes; {remedy}; until then the bot quotes its documents"
    ]
    if retired:
        notes.append(
            f"{', '.join(retired)} had learned what is no longer taught and is out of use "
            f"(kept as adapters/retired-{retired[0]})"
        )
    rejected = usable.rejected + ((("too few to learn from", count),) if count else ())
    report = StageReport("train", usable.taken, 0, rejected, notes=tuple(notes))
    return finish(context, mark, report)


def _show(context: Context, progress: Progress) -> None:
    line = (
        f"step {progress.step} of {progress.total_steps}, loss {progress.loss:.3f}, "
        f"{progress.tokens_per_second:.0f} tokens/s, {_minutes(progress.seconds_left)} left"
    )
    if progress.validation is None:
        context.voice.progress(line)
        return
    quality = "" if progress.quality is None else f", F1 of its answers {progress.quality:.2f}"
    context.voice.say(f"  {line}; validation loss {progress.validation:.3f}{quality}")


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"

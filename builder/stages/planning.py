"""train --plan: what the training would take on this machine, measured where that is cheap."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from builder.evaluation.metrics import holds_answer
from builder.stages.context import Context
from builder.stages.material import (
    ENOUGH,
    Material,
    answer_quality,
    make_material,
    model_to_train,
    usable_pairs,
    with_replay,
)
from builder.training.general import standing
from builder.training.gradients import Gradients
from builder.training.machine import (
    assumed_watts,
    energy_used,
    free_memory,
    peak_memory,
    products_per_second,
)
from builder.training.methods import load_trainable
from builder.training.pace import FORWARD_SPEED, Pace
from builder.training.packing import Tree
from builder.training.plan import (
    Job,
    Plan,
    hosted_prices,
    hosted_tokens,
    remedies,
    seconds_of,
)
from builder.training.schedule import spread
from builder.training.sizes import disk_of, trained_count, work_per_token

PROBED = 10
PROBE_WEIGHTS = 1_000_000_000
"""Larger models are not loaded for a plan on a CPU."""
OF_PRODUCTS = 0.35
"""Share of the machine's matrix products that training reaches, where it is not measured."""
WHEN_NOT_MEASURED = 60.0
"""Seconds of loading, questions and saving, where they are not measured."""
MOMENTS = 12
"""Bytes a trained weight that the probe does not hold yet: moments and best copy."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a few real steps took."""

    trees: Sequence[Tree]
    """The examples that training would take, replay among them."""
    pace: Pace
    memory: int
    watts: float | None


def run_plan(context: Context) -> tuple[Plan, tuple[str, ...]]:
    """The forecast of `train`, and as lines for people. Trains nothing."""
    began = time.monotonic()
    source = model_to_train(context)
    usable = usable_pairs(context, source)
    if len(usable.pairs) < ENOUGH:
        return _empty(), (f"Nothing to train: {len(usable.pairs)} usable pairs.",)
    material = make_material(context, source, usable)
    job = Job(
        material.shape, material.settings, material.trees, material.validation, material.device
    )
    free = free_memory(material.device)
    memory = job.memory().peak
    cheap = material.shape.weights <= PROBE_WEIGHTS or material.device == "cuda"
    probe = _probe(context, material, began) if cheap and memory < free else None
    pace = probe.pace if probe else _derived(job)
    if probe:
        job = replace(job, train=probe.trees)
    steps, tokens, seconds = seconds_of(job, pace)
    epochs = tokens / sum(map(len, job.train))
    plan = Plan(
        steps=steps,
        tokens=tokens,
        epochs=epochs,
        seconds=seconds,
        memory=probe.memory if probe else memory,
        free=free,
        disk=disk_of(material.shape, material.settings),
        watts=_watts(material, probe),
        hosted_tokens=hosted_tokens(material.trees, epochs),
    )
    return plan, _lines(plan, job, material, measured=probe is not None)


def _empty() -> Plan:
    return Plan(0, 0, 0.0, 0.0, 0, 0, 0, 0.0, 0)


def _probe(context: Context, material: Material, began: float) -> Probe:
    """Load the model and do each part of a training once. `began`: when the examples were begun."""
    energy, loaded_from = energy_used(), time.monotonic()
    model = load_trainable(material.source, material.device, material.settings)
    asked = time.monotonic()
    standing(model, material.speaker, holds_answer)
    ending = time.monotonic() - asked  # the same is asked again, and little else
    trees = with_replay(context, material, model)
    loading = time.monotonic() - began
    gradients = Gradients(model, material.device)
    context.voice.progress("a few steps are measured")
    training = gradients.speed(spread(trees, PROBED))
    validating = _forward_speed(gradients, material)
    quality = _quality_seconds(context, material, model)
    drawn = _watts_since(energy, loaded_from)
    pace = Pace(training, validating, loading, quality, ending)
    held = peak_memory(material.device) + MOMENTS * trained_count(material.shape, material.settings)
    return Probe(trees, pace, held, drawn)


def _forward_speed(gradients: Gradients, material: Material) -> float:
    some = spread(material.validation or material.trees, PROBED // 2)
    began = time.monotonic()
    gradients.loss(some)
    return sum(map(len, some)) / (time.monotonic() - began)


def _quality_seconds(context: Context, material: Material, model: Any) -> float:
    quality = answer_quality(context, material)
    began = time.monotonic()
    if quality:
        quality(model)
    return time.monotonic() - began


def _watts_since(energy: float | None, began: float) -> float | None:
    now = energy_used()
    if energy is None or now is None or now <= energy:  # the counter starts anew now and then
        return None
    return (now - energy) / (time.monotonic() - began)


def _derived(job: Job) -> Pace:
    per_second = products_per_second(job.device) * OF_PRODUCTS
    speed = per_second / work_per_token(job.shape, job.settings)
    return Pace(speed, FORWARD_SPEED * speed, WHEN_NOT_MEASURED, 0.0, WHEN_NOT_MEASURED / 2)


def _watts(material: Material, probe: Probe | None) -> float:
    measured = probe.watts if probe else None
    return material.settings.watts or measured or assumed_watts(material.device)


def _lines(plan: Plan, job: Job, material: Material, *, measured: bool) -> tuple[str, ...]:
    settings = material.settings
    how = "measured in a few steps" if measured else "derived from the model's size"
    wanted = settings.epochs
    cut = f" of {wanted:g} wanted: `training.max_minutes`" if plan.epochs < 0.95 * wanted else ""
    lines = [
        f"Model     {material.source.name}: {job.shape.weights / 1e6:.0f} million weights, "
        f"{settings.method}, {trained_count(job.shape, settings) / 1e6:.2f} million trained",
        f"Pairs     {len(material.usable.pairs)} in {len(job.train)} examples; rank "
        f"{settings.rank}, rate {settings.learning_rate:g}",
        f"Steps     {plan.steps} ({plan.epochs:.1f} epochs{cut}), {plan.tokens:,} tokens",
        f"Time      {plan.seconds / 60:.1f} minutes at most ({how})",
        f"Memory    {plan.memory / 1e9:.1f} GB of {plan.free / 1e9:.1f} GB free on {job.device}",
        f"Disk      {plan.disk / 1e9:.2f} GB",
        f"Energy    {plan.kwh:.3f} kWh at {plan.watts:.0f} W"
        + (f", {plan.kwh * settings.kwh_price:.2f} in money" if settings.kwh_price else ""),
    ]
    for row in hosted_prices(job.shape.weights):
        price = plan.hosted_tokens / 1e6 * row.dollars_per_million_tokens
        lines.append(
            f"Hosted    about ${price:.2f} at {row.service} for {row.models} "
            f"({plan.hosted_tokens:,} tokens; {row.source}, {row.date})"
        )
    if not plan.fits:
        options = ", or ".join(remedies(job, plan.free))
        lines.append(f"It does not fit in the memory that is free. What would help: {options}.")
    return tuple(lines)

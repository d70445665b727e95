"""train --search: better settings for this bot's pairs, by trial."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from builder.config import TrainingSection
from builder.errors import UsageError
from builder.stages.context import Context
from builder.stages.material import ENOUGH, make_material, model_to_train, usable_pairs
from builder.training.loop import Run
from builder.training.methods import load_trainable
from builder.training.search import search
from builder.workspace import write_text


def run_search(context: Context, minutes: float) -> tuple[str, ...]:
    """Try settings for so many minutes, write reports/search.json, and name the best as lines for
    bot.toml. Changes neither bot.toml nor the adapter."""
    source = model_to_train(context)
    usable = usable_pairs(context, source)
    if len(usable.pairs) < ENOUGH:
        raise UsageError(
            f"there are {len(usable.pairs)} usable pairs; a search needs {ENOUGH}.",
            str(context.workspace.root),
            "Add documents with more text.",
        )
    material = make_material(context, source, usable)

    def load(settings: TrainingSection) -> Any:
        return load_trainable(source, material.device, settings)

    run = Run(
        train=material.trees,
        validation=material.validation,
        folder=context.workspace.adapters,
        fingerprint="search",
        device=material.device,
    )
    tried = search(load, run, material.settings, minutes, context.voice.say)
    path = context.workspace.reports / "search.json"
    write_text(path, json.dumps([asdict(trial) for trial in tried], indent=2))
    best = tried[0]
    if best.loss is None or best.cut:
        return ("No trial came to its end. Give the search more minutes.",)
    return (
        f"# best of {len(tried)} trials: validation loss {best.loss:.3f}. For bot.toml:",
        "[training]",
        f"rank = {best.rank}",
        f"learning_rate = {best.learning_rate:.2g}",
        f"epochs = {best.epochs:g}",
    )

"""Rank, rate and epochs by number of pairs: the table of `builder/training/recipe.py`, measured.

`python -m benchmarks.recipe BOT [MINUTES]` trains on parts of the bot's pairs, each with several
settings and for so many minutes at most, and prints the validation loss of each best step. The
validation examples are the same for all.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from builder.config import load_config
from builder.models.catalog import language_model
from builder.stages.context import Context
from builder.stages.material import make_material, usable_pairs
from builder.training.loop import Run, train
from builder.training.methods import load_trainable
from builder.workspace import Workspace

PARTS = (0.2, 1.0)
GRID = (
    {"rank": 16, "learning_rate": 1e-3, "epochs": 2.0},
    {"rank": 16, "learning_rate": 1e-3, "epochs": 5.0},
    {"rank": 16, "learning_rate": 5e-4, "epochs": 5.0},
    {"rank": 8, "learning_rate": 1e-3, "epochs": 5.0},
    {"rank": 32, "learning_rate": 1e-3, "epochs": 5.0},
)


class Quiet:
    """A stage's voice that says nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def progress(self, text: str) -> None:
        """Nothing."""


def main(bot: str, minutes: float) -> None:
    """Print one row a setting and part."""
    workspace = Workspace(Path(bot))
    context = Context(workspace, load_config(workspace.config), Quiet())
    source = language_model(context.config.model.name, Quiet().say)
    material = make_material(context, source, usable_pairs(context, source))
    print("| examples | rank | rate | epochs | steps | best step | validation loss | minutes |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for part in PARTS:
        trees = material.trees[: round(part * len(material.trees))]
        for cell in GRID:
            change: dict[str, Any] = {**cell, "alpha": 2 * cell["rank"], "max_minutes": minutes}
            settings = material.settings.model_copy(update=change)
            model = load_trainable(source, material.device, settings)
            with tempfile.TemporaryDirectory() as folder:
                run = Run(trees, material.validation, Path(folder), "recipe", material.device)
                state = train(model, run, settings, lambda _: None).state
            print(
                f"| {len(trees)} | {cell['rank']} | {cell['learning_rate']:g} | {cell['epochs']:g} "
                f"| {state.step} of {state.total_steps} | {state.best_step} "
                f"| {state.best_validation} | {state.seconds / 60:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 3.0)

"""Rank, rate and epochs by number of pairs: the table of `builder/training/recipe.py`, measured.

`python -m benchmarks.recipe BOT [PAIRS,…] [KEY=VALUE,…]…` trains on so many of the bot's pairs (100
and 300) with what the table says for them, and with half and double of each setting, or else with
the settings named, a row each (`epochs=0.5,rank=32`), and prints the validation loss of the best
step. The validation examples are the same for all. 100 pairs take 13 minutes of one core in 1.5
epochs, 39 in 8: the whole table is a night's work.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from builder.config import TrainingSection, load_config
from builder.stages.context import Context
from builder.stages.material import make_material, model_to_train, usable_pairs
from builder.training.loop import Run, train
from builder.training.methods import load_trainable
from builder.training.packing import Tree
from builder.training.recipe import filled_in
from builder.workspace import Workspace

FACTORS = (0.5, 2.0)
CHANGED = ("rank", "learning_rate", "epochs")


class Quiet:
    """A stage's voice that says nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def progress(self, text: str) -> None:
        """Nothing."""


def main(bot: str, counts: list[int], named: list[str]) -> None:
    """Print one row a setting and number of pairs."""
    workspace = Workspace(Path(bot))
    context = Context(workspace, load_config(workspace.config), Quiet())
    source = model_to_train(context)
    material = make_material(context, source, usable_pairs(context, source))
    print("| pairs | rank | rate | epochs | best step | validation loss | minutes |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    shuffled = random.Random(7).sample(material.trees, len(material.trees))  # noqa: S311
    for count in counts:
        trees = list(_first(shuffled, count))
        pairs = sum(len(tree.branches) for tree in trees)
        weights = material.shape.weights
        limitless = context.config.training.model_copy(
            update={"max_minutes": 1e6, "validations": 3}
        )
        usual = filled_in(limitless, pairs, weights, adapter=True)
        rows = [_changed(usual, row) for row in named] or [usual, *_neighbours(usual)]
        for settings in rows:
            model = load_trainable(source, material.device, settings)
            with tempfile.TemporaryDirectory() as folder:
                run = Run(trees, material.validation, Path(folder), "recipe", material.device)
                state = train(model, run, settings, lambda _: None).state
            print(
                f"| {pairs} | {settings.rank} | {settings.learning_rate:g} | {settings.epochs:g} "
                f"| {state.best_step} of {state.total_steps} | {state.best_validation:.3f} "
                f"| {state.seconds / 60:.1f} |",
                flush=True,
            )


def _first(trees: Sequence[Tree], pairs: int) -> Iterator[Tree]:
    """The first trees that hold so many pairs."""
    for tree in trees:
        if pairs <= 0:
            return
        yield tree
        pairs -= len(tree.branches)


def _changed(usual: TrainingSection, named: str) -> TrainingSection:
    values = dict(setting.split("=", 1) for setting in named.split(","))
    values.setdefault("alpha", str(2 * int(values.get("rank", usual.rank))))
    return TrainingSection.model_validate_strings({**_as_strings(usual), **values})


def _as_strings(settings: TrainingSection) -> dict[str, str]:
    return {name: str(value) for name, value in settings if isinstance(value, int | float | str)}


def _neighbours(usual: TrainingSection) -> Iterator[TrainingSection]:
    for name in CHANGED:
        for factor in FACTORS:
            value = getattr(usual, name)
            changed = {name: type(value)(value * factor)}
            rank = changed.get("rank", usual.rank)
            yield usual.model_copy(update={**changed, "alpha": 2 * rank})


if __name__ == "__main__":
    pairs = sys.argv[2] if len(sys.argv) > 2 else "100,300"
    main(sys.argv[1], [int(n) for n in pairs.split(",")], sys.argv[3:])

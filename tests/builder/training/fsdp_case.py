"""One of two processes that `accelerate launch` starts with FSDP: argument 1 is the folder, 2 the
method. The leader saves the adapter; each writes what it found."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

import loop_case
from tiny import make_tokenizer

from builder.config import TrainingSection
from builder.models.catalog import ModelSource
from builder.training import loop, methods
from builder.training.general import complete
from builder.training.sharding import sharding_wanted
from builder.training.workers import Workers, join

BEGINNING = [*range(40)]
PROMPTS = [[*BEGINNING, 65, 101], [*BEGINNING, 70, 101, 3]]


def learn(folder: Path, method: str, workers: Workers, *, sharded: bool) -> dict[str, Any]:
    """Train the tiny model in `folder`; it writes before and after, as `train` has it do."""
    source = ModelSource("tiny", str(folder / "tiny"), ("en",), "Apache-2.0", "example/tiny-llama")
    settings = TrainingSection(
        method=method,
        rank=8,
        alpha=16,
        learning_rate=5e-3,
        epochs=2.0,
        batch_tokens=152,
        micro_batch_tokens=128,
        max_minutes=1e6,
        validations=2,
        patience=0,
    )
    model = methods.load_trainable(source, "cpu", settings, sharded=sharded)
    before = complete(make_tokenizer(), model, PROMPTS, 8)
    run = loop.Run(
        train=loop_case.make_trees(11),
        validation=loop_case.make_trees(3, first=100),
        folder=folder / f".{method}{workers.count}",
        fingerprint="this run",
        device="cpu",
        workers=workers,
    )
    trained = loop.train(model, run, settings, lambda _: None)
    methods.restore_weights(model, trained.weights)
    after = complete(make_tokenizer(), model, PROMPTS, 8)
    if workers.leads:
        model.save_pretrained(folder / f"{method}{workers.count}", save_embedding_layers=False)
    weight = model.get_base_model().model.layers[0].mlp.up_proj.base_layer.weight
    local = weight.to_local() if hasattr(weight, "to_local") else weight
    return {
        "losses": [point.train for point in trained.state.curve],
        "validation": [point.validation for point in trained.state.curve],
        "written": [answer.text for answer in (*before, *after)],
        "type": str(local.dtype),
        "held": local.numel() * local.element_size(),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    methods.unpacked_fits = lambda _: False  # type: ignore[assignment]
    target = Path(sys.argv[1])
    mine = join("cpu")
    assert sharding_wanted()
    for name in sys.argv[2:]:
        found = learn(target, name, mine, sharded=True)
        (target / f"{name}-{mine.rank}.json").write_text(json.dumps(found))
    mine.wait()

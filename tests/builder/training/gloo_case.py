"""One of two processes that train together: argument 1 is the folder. Prints the weights' sum and
the curve."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

import loop_case

from builder.training import loop
from builder.training.methods import trained_weights
from builder.training.workers import join

if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    workers = join("cpu")
    model, run, settings = loop_case.make(folder)
    trained = loop.train(model, replace(run, workers=workers), settings, lambda _: None)
    values = {name: t.flatten()[:4].tolist() for name, t in trained_weights(model).items()}
    points = [point.train for point in trained.state.curve]
    (folder / f"{workers.rank}.json").write_text(json.dumps([values, points]))

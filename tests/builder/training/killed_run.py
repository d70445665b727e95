"""A training run in a process of its own, for the test that kills it: argument 1 is its folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

import loop_case

from builder.training import loop


def report(progress: loop.Progress) -> None:
    print(progress.step, flush=True)  # noqa: T201
    if progress.step == loop_case.KILLED_AT:
        time.sleep(120)  # the test kills us here


if __name__ == "__main__":
    torch.set_num_threads(1)
    loop.SAVE_SECONDS = -1.0  # a checkpoint after every step
    loop.train(*loop_case.make(Path(sys.argv[1])), report)

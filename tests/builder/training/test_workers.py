"""Two processes learn what one does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import loop_case
import pytest

from builder.training.loop import train
from builder.training.methods import trained_weights
from builder.training.workers import Workers


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_two_processes_end_with_the_weights_of_one(one_thread: None, tmp_path: Path) -> None:  # noqa: ARG001
    model, run, settings = loop_case.make(tmp_path / "alone")
    alone = train(model, run, settings, lambda _: None)
    script = Path(__file__).parent / "gloo_case.py"
    shared = {
        **os.environ,
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": free_port(),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, str(script), str(tmp_path)], env={**shared, "RANK": str(rank)}
        )
        for rank in (0, 1)
    ]
    assert [process.wait(timeout=240) for process in processes] == [0, 0]
    results = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1)]
    assert results[0] == results[1]
    weights, losses = results[0]
    assert losses == pytest.approx([p.train for p in alone.state.curve], abs=2e-4)
    for name, tensor in trained_weights(model).items():
        assert weights[name] == pytest.approx(tensor.flatten()[:4].tolist(), abs=2e-4), name


def test_the_parts_of_a_batch_are_the_batch_and_about_equal() -> None:
    trees = loop_case.make_trees(9)
    parts = [Workers(rank, 3).share(trees) for rank in range(3)]
    assert sorted(id(t) for part in parts for t in part) == sorted(map(id, trees))
    assert {len(part) for part in parts} == {3}
    assert Workers(1, 2).share(trees[:1]) == []

"""A checkpoint is whole or absent, wherever the process is killed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from builder.training import checkpoint
from builder.training.checkpoint import Point, RunState, Tensors

STATE = RunState(
    fingerprint="run",
    total_steps=10,
    step=3,
    tokens=100,
    seconds=2.5,
    best_step=2,
    best_validation=1.25,
    curve=(Point(1, 2.0), Point(2, 1.5, 1.25), Point(3, 1.4)),
)


def tensors(value: float) -> Tensors:
    return Tensors(
        {"a": torch.full((2,), value)}, {"a": torch.zeros(2)}, {"0.step": torch.ones(())}
    )


def step_found(folder: Path) -> int | None:
    found = checkpoint.load(folder, "run")
    return found[0].step if found else None


def test_a_checkpoint_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, STATE, tensors(1.5))
    found = checkpoint.load(tmp_path, "run")
    assert found is not None
    state, loaded = found
    assert state == STATE
    assert loaded.weights["a"].tolist() == [1.5, 1.5]
    assert loaded.optimizer["0.step"].item() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]
    assert not list(tmp_path.rglob("*.pt")) + list(tmp_path.rglob("*.pkl"))


def test_the_next_one_replaces_it_and_clearing_forgets_it(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, STATE, tensors(1.0))
    checkpoint.save(tmp_path, replace(STATE, step=4), tensors(2.0))
    assert step_found(tmp_path) == 4
    checkpoint.clear(tmp_path)
    assert step_found(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_another_run_finds_nothing(tmp_path: Path) -> None:
    assert checkpoint.load(tmp_path, "run") is None
    checkpoint.save(tmp_path, STATE, tensors(1.0))
    assert checkpoint.load(tmp_path, "other") is None


class Killed(BaseException):
    """What a kill is to the process: nothing runs after it."""


@pytest.mark.parametrize("earlier", [0, 1])
@pytest.mark.parametrize("killed_at", range(12))
def test_a_kill_at_any_write_leaves_the_old_state_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int, earlier: int
) -> None:
    """`earlier` kills went before: the second save starts from what the first kill left."""
    checkpoint.save(tmp_path, STATE, tensors(1.0))
    if earlier:  # killed between the two renames
        (tmp_path / "checkpoint").rename(tmp_path / "checkpoint.old")
        shutil.copytree(tmp_path / "checkpoint.old", tmp_path / "checkpoint.new")
    calls = 0

    def killing(real: Any) -> Any:
        def call(*arguments: Any, **keywords: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == killed_at + 1:
                raise Killed
            return real(*arguments, **keywords)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killing(Path.rename))
        patch.setattr(Path, "write_text", killing(Path.write_text))
        patch.setattr(shutil, "rmtree", killing(shutil.rmtree))
        patch.setattr("safetensors.torch.save_file", killing(checkpoint_save_file()))
        try:
            checkpoint.save(tmp_path, replace(STATE, step=4), tensors(2.0))
        except Killed:
            assert step_found(tmp_path) in (3, 4)
        else:
            assert step_found(tmp_path) == 4
    checkpoint.save(tmp_path, replace(STATE, step=5), tensors(3.0))
    assert step_found(tmp_path) == 5


def checkpoint_save_file() -> Any:
    from safetensors.torch import save_file

    return save_file


@pytest.mark.parametrize(
    "damage",
    ["no state", "cut state", "other fields", "cut weights", "no weights"],
)
def test_a_damaged_checkpoint_is_no_checkpoint(tmp_path: Path, damage: str) -> None:
    checkpoint.save(tmp_path, STATE, tensors(1.0))
    folder = tmp_path / "checkpoint"
    state, weights = folder / "state.json", folder / "weights.safetensors"
    if damage == "no state":
        state.unlink()
    elif damage == "cut state":
        state.write_text(state.read_text()[:40])
    elif damage == "other fields":
        state.write_text(json.dumps({"fingerprint": "run", "steps": 3}))
    elif damage == "cut weights":
        weights.write_bytes(weights.read_bytes()[:20])
    else:
        weights.unlink()
    assert step_found(tmp_path) is None


def test_an_optimizer_goes_on_with_its_moments() -> None:
    def weights_after(steps: int, resume_at: int | None) -> torch.Tensor:
        weight = torch.nn.Parameter(torch.ones(3))
        optimizer = torch.optim.AdamW([weight], lr=0.1)
        for step in range(steps):
            if step == resume_at:
                moments = checkpoint.optimizer_tensors(optimizer)
                optimizer = torch.optim.AdamW([weight], lr=0.1)
                checkpoint.restore_optimizer(optimizer, moments)
            (weight.pow(2).sum() * (step + 1)).backward()
            optimizer.step()
            optimizer.zero_grad()
        return weight.detach()

    assert torch.equal(weights_after(6, resume_at=3), weights_after(6, resume_at=None))

"""Where an unfinished run stands, on disk: safetensors and JSON, no pickle.

A checkpoint is a folder that appears by one rename, so there is always a whole one or none.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from builder.jsonl import from_object

NAME = "checkpoint"


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a training curve. `validation` is None between validations."""

    step: int
    train: float
    validation: float | None = None
    quality: float | None = None
    """Score (0…1) of the model's own answers to a few validation questions."""


@dataclass(frozen=True, slots=True)
class RunState:
    """All that a run needs to go on as if it had not stopped, tensors aside."""

    fingerprint: str
    """Of data and settings: a checkpoint of another run is not gone on with."""
    total_steps: int
    step: int
    tokens: int
    seconds: float
    best_step: int
    best_validation: float | None
    curve: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Tensors:
    """The tensors of a checkpoint: trained weights now, at their best, optimizer moments."""

    weights: dict[str, Any]
    best: dict[str, Any]
    optimizer: dict[str, Any]


def save(folder: Path, state: RunState, tensors: Tensors) -> None:
    """Replace the checkpoint in `folder`."""
    from safetensors.torch import save_file

    fresh, old = folder / f"{NAME}.new", folder / f"{NAME}.old"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    save_file(tensors.weights, fresh / "weights.safetensors")
    save_file(tensors.best, fresh / "best.safetensors")
    save_file(tensors.optimizer, fresh / "optimizer.safetensors")
    (fresh / "state.json").write_text(json.dumps(asdict(state)), encoding="utf-8")
    target = folder / NAME
    if target.exists():  # else `old` is the only one: a run was killed between these two renames
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def load(folder: Path, fingerprint: str) -> tuple[RunState, Tensors] | None:
    """The checkpoint of this very run, or None; a damaged one counts for nothing."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    target = folder / NAME
    if not target.exists():
        target = folder / f"{NAME}.old"  # killed between the two renames of `save`
    try:
        value = json.loads((target / "state.json").read_text(encoding="utf-8"))
        state = from_object(RunState, value)
        if state.fingerprint != fingerprint:
            return None
        tensors = Tensors(
            weights=load_file(target / "weights.safetensors"),
            best=load_file(target / "best.safetensors"),
            optimizer=load_file(target / "optimizer.safetensors"),
        )
    except (OSError, ValueError, SafetensorError):
        return None
    return state, tensors


def clear(folder: Path) -> None:
    """Forget the checkpoint."""
    for name in (NAME, f"{NAME}.new", f"{NAME}.old"):
        shutil.rmtree(folder / name, ignore_errors=True)


def optimizer_tensors(optimizer: Any) -> dict[str, Any]:
    """An AdamW's moments by the place of their parameter."""
    import torch

    out: dict[str, Any] = {}
    for index, entry in optimizer.state_dict()["state"].items():
        for name, value in entry.items():  # the 8-bit one counts its steps in plain numbers
            out[f"{index}.{name}"] = torch.as_tensor(value).detach().to("cpu", copy=True)
    return out


def restore_optimizer(optimizer: Any, tensors: dict[str, Any]) -> None:
    """Put moments from `optimizer_tensors` back."""
    state: dict[int, dict[str, Any]] = {}
    for key, tensor in tensors.items():
        index, name = key.split(".", 1)
        plain = name == "step" and not tensor.is_floating_point()
        state.setdefault(int(index), {})[name] = int(tensor) if plain else tensor
    whole = optimizer.state_dict()
    optimizer.load_state_dict({"state": state, "param_groups": whole["param_groups"]})

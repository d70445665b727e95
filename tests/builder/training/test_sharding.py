"""FSDP: `accelerate launch` with the shipped configuration, on two CPU processes with gloo.

The 4-bit weights are really divided: bitsandbytes computes on CPUs too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import fsdp_case
import loop_case
import pytest
import tiny
import torch
from peft import PeftModel
from safetensors.torch import load_file
from test_workers import free_port
from transformers import AutoModelForCausalLM

from builder.config import TrainingSection
from builder.errors import TrainingFailed, UsageError
from builder.training import methods
from builder.training.gradients import Gradients
from builder.training.sharding import CONFIGURATION, sharding_wanted
from builder.training.workers import ALONE, Workers

ROOT = Path(__file__).parents[3]
METHODS = ("qlora", "lora")
ADAPTER = "adapter_model.safetensors"


def launch(folder: Path) -> None:
    """Both processes, as a user starts them; raises where one failed."""
    accelerate = [sys.executable, "-m", "accelerate.commands.launch"]
    options = ["--config_file", str(ROOT / CONFIGURATION), "--num_processes", "2"]
    script = [str(Path(__file__).parent / "fsdp_case.py"), str(folder), *METHODS]
    done = subprocess.run(
        [*accelerate, *options, "--main_process_port", free_port(), *script],
        env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def test_a_base_divided_over_two_processes_learns_what_a_whole_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(methods, "unpacked_fits", lambda _: False)
    tiny.save_tiny(tmp_path / "tiny")
    launch(tmp_path)
    for method in METHODS:
        alone = fsdp_case.learn(tmp_path, method, ALONE, sharded=False)
        first, second = (
            json.loads((tmp_path / f"{method}-{rank}.json").read_text()) for rank in (0, 1)
        )
        assert first == second
        assert first["losses"] == pytest.approx(alone["losses"], abs=2e-4)
        assert first["losses"][-1] < first["losses"][0]
        assert first["validation"][-1] == pytest.approx(alone["validation"][-1], abs=2e-4)
        assert first["written"] == alone["written"]
        assert first["held"] == alone["held"] / 2
        assert first["type"].startswith("torch.float") or first["type"] == "torch.bfloat16"
        theirs, ours = (load_file(tmp_path / f"{method}{count}" / ADAPTER) for count in (2, 1))
        assert theirs.keys() == ours.keys()
        for name, tensor in ours.items():
            assert torch.allclose(theirs[name], tensor, atol=2e-4), name
        loaded = with_plain_peft(tmp_path, f"{method}2")
        assert any(p.any() for name, p in loaded.named_parameters() if "lora_B" in name)


def with_plain_peft(folder: Path, adapter: str) -> Any:
    base = AutoModelForCausalLM.from_pretrained(folder / "tiny")
    return PeftModel.from_pretrained(base, str(folder / adapter))


LAUNCHED = {"WORLD_SIZE": "2", "ACCELERATE_USE_FSDP": "true", "FSDP_VERSION": "2"}


def launched(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**LAUNCHED, **changes}.items():
        monkeypatch.setenv(name, value)


def test_only_fsdp_with_several_processes_divides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not sharding_wanted()
    launched(monkeypatch)
    assert sharding_wanted()
    launched(monkeypatch, WORLD_SIZE="1")
    assert not sharding_wanted()
    launched(monkeypatch, ACCELERATE_USE_FSDP="false")
    assert not sharding_wanted()


@pytest.mark.parametrize(
    "wrong",
    [
        {"FSDP_VERSION": "1"},
        {"FSDP_OFFLOAD_PARAMS": "true"},
        {"FSDP_CPU_RAM_EFFICIENT_LOADING": "1"},
    ],
)
def test_settings_that_would_be_ignored_are_refused(
    wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    launched(monkeypatch, **wrong)
    with pytest.raises(UsageError, match="not supported"):
        sharding_wanted()


def test_weights_that_are_trained_themselves_are_not_divided(tmp_path: Path) -> None:
    source = tiny.save_tiny(tmp_path)
    for method in ("full", "last-layers"):
        settings = TrainingSection(method=method)  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="FSDP"):
            methods.load_trainable(source, "cpu", settings, sharded=True)


def test_out_of_memory_is_not_answered_by_passes_that_others_do_not_make(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> float:
        raise MemoryError

    model = loop_case.make_model()
    model.get_base_model()._is_fsdp_managed_module = True
    monkeypatch.setattr(Gradients, "_add_whole", full)
    with pytest.raises(TrainingFailed, match="out of memory"):
        Gradients(model, "cpu").add(loop_case.make_trees(1)[0], 9)


def test_passes_that_count_nothing_make_up_for_a_smaller_part() -> None:
    trees = loop_case.make_trees(3)
    assert [Workers(rank, 2).missing(trees) for rank in (0, 1)] == [0, 1]
    model = loop_case.make_model()
    model.get_base_model()._is_fsdp_managed_module = True
    gradients = Gradients(model, "cpu")
    gradients.add(trees[0], 9)
    before = [p.grad.clone() for p in gradients.parameters]
    gradients.keep_pace(trees[1], 2)
    assert all(
        torch.equal(p.grad, old) for p, old in zip(gradients.parameters, before, strict=True)
    )

"""Four-bit weights: the packed and the unpacked form compute the same, before and after asking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bitsandbytes
import pytest
import torch

from builder.config import TrainingSection
from builder.errors import ModelUnavailable
from builder.models import devices, nf4
from builder.models.catalog import ModelSource
from builder.models.nf4 import load_packed, load_unpacked
from builder.training import methods
from builder.training.methods import load_trainable
from builder.training.packing import Branch, Tree, answer_loss, pack

TREE = Tree(tuple(range(60, 90)), (Branch((1, 2, 3), (9, 8, 7, 257)), Branch((4, 5), (6, 257))))
SETTINGS = TrainingSection(rank=8, alpha=16)


def loss_and_gradients(model: Any) -> tuple[float, torch.Tensor]:
    model.zero_grad()
    loss = answer_loss(model, pack(TREE, "cpu"))
    loss.backward()
    found = [p.grad.float().flatten() for p in model.parameters() if p.grad is not None]
    return float(loss.detach()), torch.cat(found)


def cosine(left: torch.Tensor, right: torch.Tensor) -> float:
    return float(torch.nn.functional.cosine_similarity(left, right, dim=0))


@pytest.fixture
def trainable(tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Any]:
    """The tiny model with an adapter that does something, on the packed or unpacked base."""

    def load(unpacked: bool) -> Any:
        monkeypatch.setattr(methods, "unpacked_fits", lambda _: unpacked)
        model = load_trainable(tiny_source, "cpu", SETTINGS)
        torch.manual_seed(5)
        for name, parameter in model.named_parameters():
            if "lora_B" in name:  # zero at first, and then nothing reaches lora_A
                torch.nn.init.normal_(parameter, std=0.05)
        return model

    return load


def test_packed_and_unpacked_give_the_same_loss_and_the_same_gradients(
    trainable: Callable[[bool], Any],
) -> None:
    packed_loss, packed_gradients = loss_and_gradients(trainable(False))
    unpacked_loss, unpacked_gradients = loss_and_gradients(trainable(True))
    tolerance = 1e-4 if devices.compute_dtype("cpu") == torch.float32 else 2e-2
    assert packed_loss == pytest.approx(unpacked_loss, rel=tolerance)
    assert cosine(packed_gradients, unpacked_gradients) > 0.999
    ratio = packed_gradients.norm() / unpacked_gradients.norm()
    assert ratio.item() == pytest.approx(1.0, rel=max(tolerance, 1e-3))


def test_the_packed_base_is_in_four_bits_and_only_the_adapter_learns(
    trainable: Callable[[bool], Any],
) -> None:
    model = trainable(False)
    linear = [m for m in model.modules() if isinstance(m, bitsandbytes.nn.Linear4bit)]
    assert len(linear) == 2 * 7  # all linear layers of both blocks
    assert all(m.weight.quant_type == "nf4" for m in linear)
    assert all(m.weight.quant_state.nested for m in linear)  # the scales are quantized too
    learning = {name for name, p in model.named_parameters() if p.requires_grad}
    assert len(learning) == 2 * 14
    assert all("lora_" in name for name in learning)
    assert all(p.dtype == torch.float32 for p in model.parameters() if p.requires_grad)


@pytest.mark.parametrize("unpacked", [False, True], ids=["packed", "unpacked"])
def test_asking_before_training_does_not_change_the_gradients(
    trainable: Callable[[bool], Any], monkeypatch: pytest.MonkeyPatch, unpacked: bool
) -> None:
    """As on a processor with AVX512-BF16, whatever this one is: bitsandbytes would repack there."""
    monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda: True)
    model = trainable(unpacked)
    loss, before = loss_and_gradients(model)
    model.eval()
    with torch.no_grad():
        answer_loss(model, pack(TREE, "cpu"))
        model(input_ids=torch.arange(20).unsqueeze(0))
    model.train()
    loss_after, after = loss_and_gradients(model)
    assert loss_after == pytest.approx(loss, rel=1e-5)
    assert cosine(before, after) > 0.999


def test_no_layer_may_repack_its_weights(
    tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda: True)
    marks = [
        module.support_avx512bf16_for_cpu
        for module in load_packed(tiny_source, "cpu").modules()
        if hasattr(module, "support_avx512bf16_for_cpu")
    ]
    assert marks == [False] * 14


def test_the_unpacked_base_has_the_numbers_of_the_packed_one(tiny_source: ModelSource) -> None:
    from bitsandbytes.functional import dequantize_4bit
    from transformers import AutoModelForCausalLM

    packed = dict(load_packed(tiny_source, "cpu").named_modules())
    unpacked = dict(load_unpacked(tiny_source, "cpu").named_modules())
    original = dict(AutoModelForCausalLM.from_pretrained(tiny_source.location).named_modules())
    seen = 0
    for name, module in packed.items():
        if isinstance(module, bitsandbytes.nn.Linear4bit):
            weight = module.weight
            meant = dequantize_4bit(weight.data, weight.quant_state).float()
            assert torch.allclose(meant, unpacked[name].weight.float(), atol=1e-2 * meant.std())
            assert not torch.allclose(meant, original[name].weight.float(), atol=1e-3)
            seen += 1
    assert seen == 14
    head = original["lm_head"].weight
    assert torch.allclose(unpacked["lm_head"].weight.float(), head.float(), atol=1e-2)


def test_sizes_are_told_without_loading(
    tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psutil

    memory = psutil.virtual_memory()
    shown = {"free": 0}
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory._replace(available=shown["free"]))
    bytes_of_all = 4 * sum(p.numel() for p in load_unpacked(tiny_source, "cpu").parameters())
    for times, fits in ((3.9, False), (4.1, True)):
        shown["free"] = int(times * bytes_of_all)
        assert nf4.unpacked_fits(tiny_source) is fits


def test_a_broken_folder_is_a_model_that_can_not_be_had(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    broken = ModelSource("broken", str(tmp_path), (), "", "")
    for load in (load_packed, load_unpacked):
        with pytest.raises(ModelUnavailable):
            load(broken, "cpu")
    with pytest.raises(ModelUnavailable):
        nf4.unpacked_fits(broken)


def test_a_device_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert devices.pick_device("auto") == devices.pick_device("cpu") == "cpu"
    with pytest.raises(ModelUnavailable, match="auto"):
        devices.pick_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert devices.pick_device("auto") == devices.pick_device("cuda") == "cuda"
    assert devices.pick_device("cpu") == "cpu"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("GenuineIntel avx512_bf16 amx_bf16", torch.bfloat16),
        ("AuthenticAMD avx512_bf16", torch.bfloat16),
        ("GenuineIntel avx512_bf16", torch.float32),
        ("GenuineIntel avx2", torch.float32),
    ],
)
def test_a_processor_that_is_slow_in_bf16_computes_in_fp32(
    monkeypatch: pytest.MonkeyPatch, flags: str, expected: torch.dtype
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: flags)
    assert devices.compute_dtype("cpu") == expected

"""Four-bit NormalFloat weights with double quantization (QLoRA, arXiv 2305.14314).

Two forms of the same numbers: packed (`Linear4bit`, for training and for GPUs), and unpacked once
(for serving on a CPU, where unpacking at every token would cost more than the product). An adapter
trained on the packed form is merged into the unpacked one, never into the original weights: merged
into those it loses what it learned.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from builder.errors import ModelUnavailable
from builder.models.catalog import ModelSource
from builder.models.devices import compute_dtype
from builder.models.quiet import quiet_transformers

SKIPPED = ("lm_head",)


def load_packed(source: ModelSource, device: str, *, to_shard: bool = False) -> Any:
    """The base model with its linear layers in NF4; `to_shard`: for `device`, but still in the
    processor's memory, and stored as floating-point numbers, the only ones that FSDP divides."""
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    quiet_transformers()
    dtype = compute_dtype(device)
    quantization = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
        bnb_4bit_quant_storage=dtype if to_shard or device == "cuda" else "uint8",
    )
    with _unavailable(source):
        model = AutoModelForCausalLM.from_pretrained(
            source.location,
            dtype=dtype,
            quantization_config=quantization,
            device_map={"": "cpu" if to_shard else device},
            trust_remote_code=False,
            use_safetensors=True,
        )
    keep_weights_packed(model)
    return model


def keep_weights_packed(model: Any) -> None:
    """Forbid bitsandbytes to repack NF4 weights at the first forward without gradients.

    On processors with AVX512-BF16 it would, in place, and every gradient afterwards would be wrong
    without a word.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def load_unpacked(source: ModelSource, device: str) -> Any:
    """The base model whose linear weights have been through NF4 and back: the same numbers as the
    packed form computes with."""
    import torch
    from transformers import AutoModelForCausalLM

    quiet_transformers()
    with _unavailable(source):
        model: Any = AutoModelForCausalLM.from_pretrained(
            source.location, dtype=torch.float32, trust_remote_code=False, use_safetensors=True
        )
    with torch.no_grad():
        for name, module in model.named_modules():
            if isinstance(module, torch.nn.Linear) and name.split(".")[-1] not in SKIPPED:
                module.weight.copy_(_round_trip(module.weight, compute_dtype(device)))
    return model.to(device=device, dtype=compute_dtype(device)).eval()


def load_plain(
    source: ModelSource, device: str, *, exact: bool = False, to_shard: bool = False
) -> Any:
    """The base model as it came, without 4-bit rounding; `exact`: in fp32, for weights that are
    trained themselves; `to_shard`: as in `load_packed`."""
    import torch
    from transformers import AutoModelForCausalLM

    quiet_transformers()
    dtype = torch.float32 if exact else compute_dtype(device)
    with _unavailable(source):
        model: Any = AutoModelForCausalLM.from_pretrained(
            source.location, dtype=dtype, trust_remote_code=False, use_safetensors=True
        )
    return model.to("cpu" if to_shard else device).eval()


def unpacked_fits(source: ModelSource) -> bool:
    """Whether the unpacked weights take less than a quarter of the memory that is free now."""
    import psutil

    needed = sum(parameter.numel() for parameter in shell(source).parameters()) * 4
    free = int(psutil.virtual_memory().available)
    return int(needed) < free / 4


def shell(source: ModelSource) -> Any:
    """The model without weights: its sizes only, nothing is loaded."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with _unavailable(source), torch.device("meta"):
        config = AutoConfig.from_pretrained(source.location, trust_remote_code=False)
        return AutoModelForCausalLM.from_config(config)


def _round_trip(weight: Any, dtype: Any) -> Any:
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    packed, state = quantize_4bit(weight.to(dtype), quant_type="nf4", compress_statistics=True)
    return dequantize_4bit(packed, state)


@contextlib.contextmanager
def _unavailable(source: ModelSource) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            "the language model can't be loaded (not a local folder, and not found on the hub, "
            "or not in safetensors).",
            source.name,
            'Correct `model.name` in bot.toml, or use "embedded".',
        ) from exc

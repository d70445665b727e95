"""Which device and number format to compute in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch


def pick_device(wanted: Literal["auto", "cpu", "cuda"]) -> str:
    """`cuda` or `cpu`; raises ModelUnavailable when CUDA is wanted and there is none."""
    import torch

    from builder.errors import ModelUnavailable

    if wanted == "cuda" and not torch.cuda.is_available():
        raise ModelUnavailable(
            "no CUDA device is available.",
            'model.device = "cuda"',
            'Set it to "auto", or install a CUDA build of PyTorch and a driver.',
        )
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"


def compute_dtype(device: str) -> torch.dtype:
    """bf16 where the machine multiplies in it fast; else fp32.

    Measured: on processors that emulate bf16 it has a third of fp32's speed, and on Intel's that
    have AVX512-BF16 but no AMX, half (150 against 270 GFLOP/s on two cores). AMD's are taken at
    their maker's word.
    """
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.bfloat16 if _cpu_is_fast_in_bf16() else torch.float32


def _cpu_is_fast_in_bf16() -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "amx_bf16" in flags or ("avx512_bf16" in flags and "AuthenticAMD" in flags)

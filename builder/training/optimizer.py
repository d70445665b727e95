"""The optimizer that suits the device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BETAS = (0.9, 0.99)


def make_optimizer(parameters: Sequence[Any], device: str, learning_rate: float) -> Any:
    """AdamW; on CUDA with 8-bit moments that move to the processor's memory when the GPU's is full
    (QLoRA, arXiv 2305.14314)."""
    if device == "cuda":
        from bitsandbytes.optim.adamw import PagedAdamW8bit

        return PagedAdamW8bit(parameters, lr=learning_rate, weight_decay=0.0, betas=BETAS)
    import torch

    return torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=0.0, betas=BETAS)

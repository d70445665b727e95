"""The adapter: LoRA on every linear layer of the 4-bit base (QLoRA, arXiv 2305.14314)."""

from __future__ import annotations

from typing import Any

from builder.config import TrainingSection
from builder.models.catalog import ModelSource
from builder.models.nf4 import load_packed, load_unpacked, unpacked_fits


def load_trainable(source: ModelSource, device: str, settings: TrainingSection) -> Any:
    """The frozen NF4 base with a fresh adapter; only the adapter's weights take gradients.

    On a CPU with the memory for it the 4-bit weights are unpacked once instead of at every use: the
    same numbers, hence the same adapter, in less time.
    """
    import torch
    from peft import LoraConfig, get_peft_model

    unpack = device == "cpu" and unpacked_fits(source)
    base = load_unpacked(source, device) if unpack else load_packed(source, device)
    for parameter in base.parameters():
        parameter.requires_grad_(False)
    torch.manual_seed(settings.seed)
    model = get_peft_model(
        base,
        LoraConfig(
            task_type="CAUSAL_LM",
            r=settings.rank,
            lora_alpha=settings.alpha,
            lora_dropout=settings.dropout,
            target_modules="all-linear",
            bias="none",
        ),
    )
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()  # the optimizer's small steps need fp32
    model.train()
    return model


def adapter_weights(model: Any) -> dict[str, Any]:
    """A copy of the adapter's weights, as PEFT names them in its files."""
    from peft import get_peft_model_state_dict

    # Not left to PEFT to find out: it would ask the hub for the base's configuration.
    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}


def restore_adapter(model: Any, weights: dict[str, Any]) -> None:
    """Put weights from `adapter_weights` back."""
    from peft import set_peft_model_state_dict

    set_peft_model_state_dict(model, weights)

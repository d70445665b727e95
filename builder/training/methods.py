"""What of the model is trained: adapters by PEFT, the last layers, or all of it.

A method is a row of METHODS. Methods over the 4-bit base (QLoRA, arXiv 2305.14314) are served on
that base, the others on the weights as they came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from builder.config import TrainingSection
from builder.errors import UsageError
from builder.models.catalog import ModelSource
from builder.models.nf4 import load_packed, load_plain, load_unpacked, unpacked_fits
from builder.training.sharding import shard_base


@dataclass(frozen=True, slots=True)
class Method:
    """How a model becomes trainable."""

    quantized: bool
    """Whether the base is held in NF4 numbers."""
    adapter: bool
    """Whether PEFT adds weights; else the model's own are changed."""
    prepare: Callable[[Any, TrainingSection], Any]
    """(base, its weights frozen; settings) → the model, with what is trained taking gradients."""


def load_trainable(
    source: ModelSource, device: str, settings: TrainingSection, *, sharded: bool = False
) -> Any:
    """The model ready for training by `settings.method`, the same at every call; `sharded`: its
    layers divided over the processes, which all call this.

    On a CPU with the memory for it 4-bit weights are unpacked once instead of at every use: the
    same numbers, hence the same adapter, in less time. Raises UsageError for methods that can't be
    divided.
    """
    import torch

    method = METHODS[settings.method]
    if sharded and not method.adapter:
        raise UsageError(
            "FSDP divides models that an adapter is trained on, not this method's.",
            f"training.method = {settings.method}",
            "Choose qlora or lora, or launch without FSDP.",
        )
    base = _load_base(source, device, method, sharded)
    for parameter in base.parameters():
        parameter.requires_grad_(False)
    torch.manual_seed(settings.seed)
    model = method.prepare(base, settings)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()  # the optimizer's small steps need fp32
    if sharded:
        shard_base(model, device)
    model.train()
    return model


def _load_base(source: ModelSource, device: str, method: Method, sharded: bool) -> Any:
    if not method.quantized:
        return load_plain(source, device, exact=not method.adapter, to_shard=sharded)
    if device == "cpu" and unpacked_fits(source):
        return load_unpacked(source, device)
    return load_packed(source, device, to_shard=sharded)


def _lora(
    base: Any, settings: TrainingSection, *, dora: bool = False, stabilized: bool = False
) -> Any:
    from peft import LoraConfig, get_peft_model

    return get_peft_model(
        base,
        LoraConfig(
            task_type="CAUSAL_LM",
            r=settings.rank,
            lora_alpha=settings.alpha or 2 * settings.rank,
            lora_dropout=settings.dropout,
            target_modules="all-linear",
            bias="none",
            use_dora=dora,
            use_rslora=stabilized,
        ),
    )


def _dora(base: Any, settings: TrainingSection) -> Any:
    return _lora(base, settings, dora=True)


def _rslora(base: Any, settings: TrainingSection) -> Any:
    return _lora(base, settings, stabilized=True)


def _last_layers(base: Any, settings: TrainingSection) -> Any:
    for module in (*base.model.layers[-settings.last_layers :], base.model.norm):
        module.requires_grad_(True)
    return base


def _full(base: Any, _settings: TrainingSection) -> Any:
    return base.requires_grad_(True)


METHODS: Mapping[str, Method] = {
    "qlora": Method(quantized=True, adapter=True, prepare=_lora),
    "lora": Method(quantized=False, adapter=True, prepare=_lora),
    "dora": Method(quantized=True, adapter=True, prepare=_dora),
    "rslora": Method(quantized=True, adapter=True, prepare=_rslora),
    "last-layers": Method(quantized=False, adapter=False, prepare=_last_layers),
    "full": Method(quantized=False, adapter=False, prepare=_full),
}
"""`training.method` → how it works."""


def trained_weights(model: Any) -> dict[str, Any]:
    """A copy of what is trained: an adapter's weights as PEFT names them in its files, else the
    changed weights by their names in the model."""
    if hasattr(model, "peft_config"):
        from peft import get_peft_model_state_dict

        # Not left to PEFT to find out: it would ask the hub for the base's configuration.
        state = get_peft_model_state_dict(model, save_embedding_layers=False)
    else:
        state = {name: p for name, p in model.named_parameters() if p.requires_grad}
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}


def restore_weights(model: Any, weights: dict[str, Any]) -> None:
    """Put weights from `trained_weights` back."""
    if hasattr(model, "peft_config"):
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(model, weights)
    else:
        model.load_state_dict(weights, strict=False)


def trainable_count(model: Any) -> int:
    """How many weights are trained."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)

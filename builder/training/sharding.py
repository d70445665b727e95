"""FSDP: a base model whose layers are divided over the processes that train together.

Each process keeps a part of every layer and gathers the layer whole while it computes with it. Only
frozen weights are divided: the adapter, small beside them, is whole in every process and its
gradients are summed as without FSDP, so that clipping, optimizer, checkpoints and the saved adapter
stay the same. Every process must make the same passes in the same order: each one gathers.
"""

from __future__ import annotations

import os
from typing import Any

from builder.errors import UsageError

CONFIGURATION = "builder/training/fsdp.yaml"


def sharding_wanted() -> bool:
    """Whether `accelerate launch` was told to use FSDP, for several processes.

    Raises UsageError for settings of it that are not supported.
    """
    several = int(os.environ.get("WORLD_SIZE", "1")) > 1
    if not several or not _true("ACCELERATE_USE_FSDP"):
        return False
    refused = [
        name
        for name, wrong in (
            ("fsdp_version (2 is needed)", os.environ.get("FSDP_VERSION", "1") != "2"),
            ("fsdp_offload_params", _true("FSDP_OFFLOAD_PARAMS")),
            ("fsdp_cpu_ram_efficient_loading", _true("FSDP_CPU_RAM_EFFICIENT_LOADING")),
            ("fsdp_activation_checkpointing", _true("FSDP_ACTIVATION_CHECKPOINTING")),
        )
        if wrong
    ]
    if refused:
        raise UsageError(
            "these settings of accelerate are not supported.",
            ", ".join(refused),
            f"Launch with --config_file {CONFIGURATION}.",
        )
    return True


def shard_base(model: Any, device: str) -> None:
    """Divide the frozen layers of an adapter's base, which may lie in the processor's memory, over
    the processes; all else goes to `device` whole. A layer at a time: the device never holds more
    than its parts and one whole layer."""
    import torch
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    base = model.get_base_model()
    mesh = init_device_mesh(device, (int(os.environ["WORLD_SIZE"]),))
    trained = {parameter for parameter in model.parameters() if parameter.requires_grad}
    reshard = _true("FSDP_RESHARD_AFTER_FORWARD", "true")
    layers = list(base.model.layers)
    divided = {p for layer in layers for p in layer.parameters()} - trained
    whole = {parameter for parameter in model.parameters() if parameter not in divided}
    for layer in layers:
        fully_shard(layer, mesh=mesh, ignored_params=trained, reshard_after_forward=reshard)
    # The root gathers nothing itself: it starts the next layer's gathering while one computes.
    fully_shard(base.model, mesh=mesh, ignored_params=whole)
    for parameter in whole:
        parameter.data = parameter.data.to(device)
    base._is_fsdp_managed_module = True  # so that generate() goes on until all processes are done
    # The first pass makes the tensors that are gathered into. Made in inference mode, as when the
    # model is asked something, they could not be used in training.
    with torch.no_grad():
        base.model(input_ids=torch.zeros(1, 1, dtype=torch.long, device=device))


def is_sharded(model: Any) -> bool:
    """Whether the model's layers are divided over processes."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    return bool(getattr(base, "_is_fsdp_managed_module", False))


def _true(name: str, default: str = "false") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes"}

"""A tuned model from its folder: a PEFT adapter, or the weights that training changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builder.errors import ModelUnavailable
from builder.models import nf4
from builder.models.catalog import ModelSource

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = "adapter_model.safetensors"
CHANGED_WEIGHTS = "changed_weights.safetensors"
"""Of a model that was trained without an adapter: what differs from the base, by name."""
HOW = "method.json"
"""{"method", "quantized", "base"}: what the weights need in order to be served."""


def is_complete(folder: Path) -> bool:
    """Whether the folder holds a whole tuned model: its weights are what appears last."""
    return (folder / ADAPTER_WEIGHTS).is_file() or (folder / CHANGED_WEIGHTS).is_file()


def made_for(folder: Path, base: str) -> bool:
    """Whether it was trained on the model with this hub id; taken as yes where that isn't known."""
    known = _how(folder).get("base") or _read(folder / ADAPTER_CONFIG).get(
        "base_model_name_or_path"
    )
    return not known or str(known) == base


def load_tuned(source: ModelSource, device: str, folder: Path) -> Any:
    """The model of the folder, on the numbers that it was trained on; merged on a CPU.

    Raises ModelUnavailable when the changed weights don't belong to the model.
    """
    if (folder / CHANGED_WEIGHTS).is_file():
        return _with_changes(source, device, folder / CHANGED_WEIGHTS)
    from peft import PeftModel

    if not _how(folder).get("quantized", True):
        base = nf4.load_plain(source, device, exact=False)
    elif device == "cuda":
        base = nf4.load_packed(source, device)
    else:
        base = nf4.load_unpacked(source, device)
    tuned = PeftModel.from_pretrained(base, str(folder))
    return tuned if device == "cuda" else tuned.merge_and_unload()


def load_as_trained(source: ModelSource, folder: Path) -> Any:
    """The model as training had it, on a CPU: on the 4-bit numbers, the adapter beside them and
    not merged. It is what an exported model is compared with."""
    if (folder / CHANGED_WEIGHTS).is_file():
        return _with_changes(source, "cpu", folder / CHANGED_WEIGHTS)
    from peft import PeftModel

    if _how(folder).get("quantized", True):
        base = nf4.load_unpacked(source, "cpu")
    else:
        base = nf4.load_plain(source, "cpu", exact=False)
    return PeftModel.from_pretrained(base, str(folder)).eval()


def _with_changes(source: ModelSource, device: str, weights: Path) -> Any:
    from safetensors.torch import load_file

    model = nf4.load_plain(source, device, exact=False)
    try:
        unknown = model.load_state_dict(load_file(weights), strict=False).unexpected_keys
    except RuntimeError as exc:  # shapes differ
        unknown = [str(exc).splitlines()[0]]
    if unknown:
        raise ModelUnavailable(
            f"the tuned weights belong to another model than {source.name} ({unknown[0]}).",
            str(weights),
            "Train again, or set `model.name` back.",
        )
    return model


def _how(folder: Path) -> dict[str, Any]:
    return _read(folder / HOW)  # nothing in adapters of an earlier version: QLoRA


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found

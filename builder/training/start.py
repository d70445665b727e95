"""Where a training starts: afresh, or from an adapter that is there."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.models.tuned import ADAPTER_WEIGHTS, CHANGED_WEIGHTS, is_complete, made_for
from builder.records import QAPair
from builder.training.methods import restore_weights, trained_weights

LEARNED = "learned.json"
"""In an adapter's folder: hashes of the pairs that it has learned."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """What of the pairs is trained when an earlier adapter is gone on from."""

    pairs: tuple[QAPair, ...]
    new: int
    """How many of them the adapter has not learned yet; the others are replay."""
    gone: int
    """How many pairs it has learned that are no longer there."""


def continuation(pairs: Sequence[QAPair], learned: Collection[str], seed: int) -> Continuation:
    """The pairs that are new, and as many old ones, so that these are not forgotten."""
    new = [pair for pair in pairs if pair_hash(pair) not in learned]
    old = sorted((p for p in pairs if pair_hash(p) in learned), key=lambda p: p.id)
    kept = random.Random(seed).sample(old, min(len(new), len(old)))  # noqa: S311 (no secrets)
    gone = len(set(learned) - {pair_hash(pair) for pair in pairs})
    return Continuation((*new, *kept), len(new), gone)


def pair_hash(pair: QAPair) -> str:
    """By what is learned: question and answer."""
    return hashlib.sha256(f"{pair.question}\0{pair.answer}".encode()).hexdigest()[:16]


def learned_pairs(folder: Path) -> frozenset[str] | None:
    """Hashes of the pairs that the adapter has learned; None where it does not say."""
    try:
        return frozenset(json.loads((folder / LEARNED).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def start_from(model: Any, folder: Path, base: str) -> None:
    """Give `model` the weights of the tuned model in `folder`; `base` is its base's hub id.

    Raises UsageError when they don't fit: another model, method or rank.
    """
    from safetensors.torch import load_file

    if not is_complete(folder):
        raise UsageError(
            "there is no adapter here to start from.", str(folder), "Correct `training.start_from`."
        )
    if not made_for(folder, base):
        raise UsageError(
            f"this adapter was trained on another model than {base}.",
            str(folder),
            "Empty `training.start_from`, or set `model.name` back.",
        )
    adapter = folder / ADAPTER_WEIGHTS
    weights = load_file(adapter if adapter.is_file() else folder / CHANGED_WEIGHTS)
    if _shapes(weights) != _shapes(trained_weights(model)):
        raise UsageError(
            "this adapter was trained by another method, or with another rank.",
            str(folder),
            "Set `training.method` and `training.rank` as in its card, or empty "
            "`training.start_from`.",
        )
    restore_weights(model, weights)


def _shapes(weights: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in weights.items()}

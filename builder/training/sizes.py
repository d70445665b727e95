"""From a model's shape to the memory, the disk and the work of its training.

Formulae; `python -m benchmarks.planning` compares them with a real run. Bytes throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from builder.config import TrainingSection
from builder.training.methods import METHODS

NF4 = 0.516
"""Bytes of a 4-bit weight: half, and its share of scales that are quantized themselves."""
TRAINED = 4 + 4 + 8 + 4  # fp32 weight, gradient, two moments, and its copy at the best step
CHECKPOINT = 2 * (4 + 4 + 8) + 4  # the old and the new one (weights, best, moments), the adapter


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model decides its cost."""

    weights: int
    linear: int
    """Weights in linear layers, the output layer not counted: what NF4 takes."""
    layers: int
    hidden: int
    inner: int
    """Width of the feed-forward layers."""
    vocabulary: int
    linear_edges: int
    """Sum of inputs and outputs of all linear layers: what one rank of an adapter has."""
    last_layer: int
    """Weights of one layer."""


def shape_of(model: Any) -> Shape:
    """The shape of a model, which may be without weights."""
    import torch

    linear = [
        module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and name.split(".")[-1] != "lm_head"
    ]
    config = model.config
    return Shape(
        weights=sum(p.numel() for p in model.parameters()),
        linear=sum(module.weight.numel() for module in linear),
        layers=len(model.model.layers),
        hidden=config.hidden_size,
        inner=config.intermediate_size,
        vocabulary=config.vocab_size,
        linear_edges=sum(module.in_features + module.out_features for module in linear),
        last_layer=sum(p.numel() for p in model.model.layers[-1].parameters()),
    )


def trained_count(shape: Shape, settings: TrainingSection) -> int:
    """How many weights the method trains."""
    if settings.method == "full":
        return shape.weights
    if settings.method == "last-layers":
        return min(settings.last_layers, shape.layers) * shape.last_layer + shape.hidden
    return settings.rank * shape.linear_edges


@dataclass(frozen=True, slots=True)
class Memory:
    """What training holds at once."""

    base: int
    """The model's weights."""
    trained: int
    """Trained weights with their gradients, moments and best copy."""
    activations: int
    """What one forward pass keeps for the backward one."""
    process: int
    """Python and its libraries."""
    loading: int
    """Most while the model is loaded."""

    @property
    def peak(self) -> int:
        """The most at any time."""
        return max(self.loading, self.base + self.trained + self.activations) + self.process


def memory_of(
    shape: Shape, settings: TrainingSection, longest: int, answers: int, *, device: str
) -> Memory:
    """The memory of a run whose longest example has so many tokens, and so many answer tokens."""
    from builder.models.devices import compute_dtype

    width = compute_dtype(device).itemsize
    method = METHODS[settings.method]
    packed = method.quantized and device == "cuda"
    rest = shape.weights - shape.linear
    base = int(NF4 * shape.linear + width * rest) if packed else width * shape.weights
    if not method.adapter:
        base, width = 4 * shape.weights, 4
    count = trained_count(shape, settings)
    # Kept for the backward pass in each layer: the inputs of seven linear layers (an adapter keeps
    # them in fp32), attention's queries, keys, values and output, both norms, the gate's parts.
    token = shape.layers * ((16 + 24 + 5 * width) * shape.hidden + (4 + 3 * width) * shape.inner)
    logits = 14 * shape.vocabulary * answers  # in the model's width, in fp32, and their gradients
    own = 0 if method.adapter else 4 * count  # the trained weights are the base's own
    return Memory(
        base=base,
        trained=TRAINED * count - own,
        activations=token * longest + logits,
        process=600_000_000,
        loading=4 * shape.weights if device == "cpu" else base,
    )


def disk_of(shape: Shape, settings: TrainingSection) -> int:
    """Bytes of checkpoints and result, with a tenth to spare."""
    return int(1.1 * CHECKPOINT * trained_count(shape, settings)) + 20_000_000


def work_per_token(shape: Shape, settings: TrainingSection) -> int:
    """Floating-point operations of a forward and backward pass over one token: two a weight
    forward, two for the gradient of what came in, and two for that of a trained weight."""
    return 4 * shape.weights + 2 * trained_count(shape, settings)

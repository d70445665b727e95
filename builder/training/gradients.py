"""Gradients of one example: the same whether memory holds it whole or only in pieces."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

from builder.errors import TrainingFailed
from builder.training.packing import Tree, answer_loss, pack, total_tokens
from builder.training.sharding import is_sharded


class Gradients:
    """Adds up the gradients of examples in the model's parameters."""

    def __init__(self, model: Any, device: str) -> None:
        self.model, self.device = model, device
        self.sharded = is_sharded(model)
        self.parameters = [p for p in model.parameters() if p.requires_grad]

    def add(self, tree: Tree, answer_tokens: float) -> float:
        """Add the tree's share of the mean loss over `answer_tokens`; returns that share.

        Out of memory is answered by halves of the tree: the same gradient in smaller pieces. Raises
        TrainingFailed when a single question is too much, or where all processes must make the same
        passes.
        """
        try:
            return self._add_whole(tree, answer_tokens)
        except (MemoryError, RuntimeError) as exc:
            if not _out_of_memory(exc):
                raise
            if self.sharded or len(tree.branches) < 2:
                raise TrainingFailed(
                    f"out of memory with a single example of {len(tree)} tokens.",
                    "",
                    "Lower `training.micro_batch_tokens`, `retrieval.passages` or `chunks.tokens`, "
                    "or use a smaller model.",
                ) from exc
        half = len(tree.branches) // 2
        left, right = tree.branches[:half], tree.branches[half:]
        return sum(self.add(Tree(tree.prefix, part), answer_tokens) for part in (left, right))

    def keep_pace(self, tree: Tree, passes: int) -> None:
        """Make so many passes that count nothing, where layers are divided: the other processes
        make as many that do, and need this one's parts."""
        for _ in range(passes if self.sharded else 0):
            self.add(tree, math.inf)

    def _add_whole(self, tree: Tree, answer_tokens: float) -> float:
        """All of the tree's gradients are added or, where memory ends half-way, none."""
        import torch

        with computing(self.model, self.device):
            loss = answer_loss(self.model, pack(tree, self.device)) / answer_tokens
        gradients = torch.autograd.grad(loss, self.parameters)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient if parameter.grad is None else parameter.grad.add_(gradient)
        return float(loss.detach())

    def speed(self, trees: Sequence[Tree], warm: bool = True) -> float:
        """Tokens a second, forward and backward, over these trees; leaves no gradients."""
        if warm:  # the first pass fills caches
            self.add(trees[len(trees) // 2], 1)
        began = time.monotonic()
        for tree in trees:
            self.add(tree, tree.answer_tokens)
        seconds = time.monotonic() - began
        for parameter in self.parameters:
            parameter.grad = None
        return total_tokens(trees) / seconds

    def loss(self, trees: Sequence[Tree]) -> float:
        """Mean loss of the trees' answer tokens, in nats; no gradients."""
        import torch

        training = self.model.training
        self.model.eval()
        with torch.no_grad(), computing(self.model, self.device):
            total = sum(float(answer_loss(self.model, pack(t, self.device))) for t in trees)
        self.model.train(training)
        return total / sum(tree.answer_tokens for tree in trees)


def computing(model: Any, device: str) -> Any:
    """On CUDA, products of fp32 weights are made in bf16: weights that are trained themselves are
    kept exact."""
    import contextlib

    import torch

    if device == "cuda" and model.dtype == torch.float32:
        return torch.autocast("cuda", dtype=torch.bfloat16)
    return contextlib.nullcontext()


def _out_of_memory(exc: Exception) -> bool:
    text = str(exc).lower()
    return isinstance(exc, MemoryError) or "out of memory" in text or "can't allocate" in text

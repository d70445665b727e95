"""Bundles to tensors: one prefix, then every question and answer as its own branch.

A branch sees the prefix and itself, never another branch, and its positions go on from the prefix's
end. So each answer gets exactly the probabilities that it has when asked alone, the passages are
read once for all questions about them, and there is no padding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from builder.prompt import Asked, Persona, encode, encode_answer
from builder.training.examples import Bundle

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Branch:
    """Token ids of one question and its answer; the loss is on the answer alone."""

    question: tuple[int, ...]
    answer: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.question) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Tree:
    """A shared prefix and its branches."""

    prefix: tuple[int, ...]
    branches: tuple[Branch, ...]

    def __len__(self) -> int:
        return len(self.prefix) + sum(len(branch) for branch in self.branches)

    @property
    def answer_tokens(self) -> int:
        """Tokens that carry loss."""
        return sum(len(branch.answer) for branch in self.branches)


@dataclass(frozen=True, slots=True)
class PackedTree:
    """Tensors of one tree: (1, tokens) ids and positions, (1, 1, tokens, tokens) mask of what each
    token may see, and for the loss the places that predict an answer token, and those tokens."""

    ids: torch.Tensor
    positions: torch.Tensor
    visible: torch.Tensor
    predicting: torch.Tensor
    targets: torch.Tensor


def encode_bundle(tokenizer: Any, persona: Persona, bundle: Bundle) -> Tree:
    """A bundle's tokens, by the prompt function that serving uses."""
    branches = []
    prefix: tuple[int, ...] = ()
    for item in bundle.items:
        prompt = encode(tokenizer, persona, Asked(item.question, bundle.passages, item.history))
        prefix = prompt.prefix
        answer = tuple(encode_answer(tokenizer, item.answer, item.passage))
        branches.append(Branch(prompt.suffix, answer))
    return Tree(prefix, tuple(branches))


def fit(trees: Iterable[Tree], limit: int) -> Iterator[Tree]:
    """Trees of at most `limit` tokens: those over it are divided by branches.

    A tree whose prefix and one branch alone pass the limit is kept: cutting it would cut the
    passage or the answer.
    """
    for tree in trees:
        taken: list[Branch] = []
        for branch in tree.branches:
            size = len(tree.prefix) + sum(len(b) for b in taken) + len(branch)
            if taken and size > limit:
                yield Tree(tree.prefix, tuple(taken))
                taken = []
            taken.append(branch)
        if taken:
            yield Tree(tree.prefix, tuple(taken))


def pack(tree: Tree, device: str) -> PackedTree:
    """The tree's tensors."""
    import torch

    size, start = len(tree), len(tree.prefix)
    ids, positions = list(tree.prefix), list(range(start))
    visible = torch.zeros(size, size, dtype=torch.bool)
    visible[:start, :start] = torch.ones(start, start, dtype=torch.bool).tril()
    predicting: list[int] = []
    targets: list[int] = []
    at = start
    for branch in tree.branches:
        length = len(branch)
        ids.extend((*branch.question, *branch.answer))
        positions.extend(range(start, start + length))
        visible[at : at + length, :start] = True
        visible[at : at + length, at : at + length] = torch.ones(length, length).tril().bool()
        first = at + len(branch.question) - 1
        predicting.extend(range(first, first + len(branch.answer)))
        targets.extend(branch.answer)
        at += length
    return PackedTree(
        ids=torch.tensor([ids], device=device),
        positions=torch.tensor([positions], device=device),
        visible=visible[None, None].to(device),
        predicting=torch.tensor(predicting, device=device),
        targets=torch.tensor(targets, device=device),
    )


def answer_loss(model: Any, packed: PackedTree) -> Any:
    """Summed cross-entropy of the answer tokens; logits are made for those places only."""
    import torch

    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = base.model(
        input_ids=packed.ids,
        position_ids=packed.positions,
        attention_mask=_masks(base, packed),
        use_cache=False,
    ).last_hidden_state
    logits = base.lm_head(hidden[0, packed.predicting]).float()
    return torch.nn.functional.cross_entropy(logits, packed.targets, reduction="sum")


def _masks(base: Any, packed: PackedTree) -> Any:
    """One mask for all layers, or one for each kind where some layers (Gemma 3's, some of Qwen's)
    see no further back than their window."""
    everywhere = _additive(packed.visible, base.dtype)
    if "sliding_attention" not in (getattr(base.config, "layer_types", None) or ()):
        return everywhere
    back = packed.positions[:, None, :, None] - packed.positions[:, None, None, :]
    near = _additive(packed.visible & (back < base.config.sliding_window), base.dtype)
    return {"full_attention": everywhere, "sliding_attention": near}


def _additive(visible: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    import torch

    mask = torch.zeros(visible.shape, dtype=dtype, device=visible.device)
    return mask.masked_fill(~visible, torch.finfo(dtype).min)


def total_tokens(trees: Sequence[Tree]) -> int:
    """Tokens that one pass over the trees computes."""
    return sum(len(tree) for tree in trees)

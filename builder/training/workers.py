"""Several processes that train one model: each takes a part of every batch.

Every process holds all that is trained; gradients are summed before each step, so that all stay
equal and learn what one process would. With FSDP the frozen layers are divided (sharding.py).
`accelerate launch` (or torchrun) starts the processes and names them by environment variables.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builder.training.packing import Tree, total_tokens


@dataclass(frozen=True, slots=True)
class Workers:
    """This process among those that train together; alone by default."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes files and speaks."""
        return self.rank == 0

    def share(self, batch: Sequence[Tree]) -> list[Tree]:
        """This process's part of a batch: about as many tokens as each other one's."""
        return self._shares(batch)[self.rank]

    def missing(self, batch: Sequence[Tree]) -> int:
        """How many examples fewer this process has of a batch than the one that has most."""
        shares = self._shares(batch)
        return max(map(len, shares)) - len(shares[self.rank])

    def _shares(self, batch: Sequence[Tree]) -> list[list[Tree]]:
        shares: list[list[Tree]] = [[] for _ in range(self.count)]
        for tree in sorted(batch, key=len, reverse=True):
            min(shares, key=total_tokens).append(tree)
        return shares

    def sum_gradients(self, parameters: Sequence[Any]) -> None:
        """Make every process's gradients the sum of all."""
        if self.count == 1:
            return
        import torch
        from torch import distributed

        for parameter in parameters:
            if parameter.grad is None:  # a batch may hold fewer examples than there are processes
                parameter.grad = torch.zeros_like(parameter)
            distributed.all_reduce(parameter.grad)

    def total(self, number: float) -> float:
        """The sum of all processes' numbers."""
        if self.count == 1:
            return number
        import torch
        from torch import distributed

        device = "cuda" if distributed.get_backend() == "nccl" else "cpu"
        value = torch.tensor([number], dtype=torch.float64, device=device)
        distributed.all_reduce(value)
        return float(value)

    def agreed(self, number: float) -> float:
        """The leader's number, for all."""
        return self.total(number if self.leads else 0.0)

    def wait(self) -> None:
        """Until all have come here."""
        self.total(0.0)


ALONE = Workers()


def join(device: str) -> Workers:
    """This process's place among those that were launched together."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        return ALONE
    import torch
    from torch import distributed

    if not distributed.is_initialized():
        distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    if device == "cuda":
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    return Workers(distributed.get_rank(), count)

"""Whether an exported model still answers as the trained one: held-out questions are put to both.

Both read each prompt with the expected answer behind it, and at every token of that answer it is
noted which one they would have written next, and how likely they hold the expected one. So every
question counts by its whole answer, and one early difference does not hide the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builder.errors import WorkspaceError

LEAST_AGREEMENT = 0.95
"""Share of tokens at which both must want to write the same."""
MOST_DRIFT = 0.1
"""Most by which the mean loss on the expected answers may rise, in nats a token."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A held-out prompt and its expected answer, as token ids."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parity:
    """What the two models did on the same trials."""

    questions: int
    tokens: int
    agreement: float
    """Share of tokens at which both would have written the same."""
    loss: float
    """Mean loss of the trained model on the expected answers, in nats a token."""
    exported_loss: float

    @property
    def holds(self) -> bool:
        """Whether the exported model may be used in the trained one's place."""
        drift = self.exported_loss - self.loss
        return self.agreement >= LEAST_AGREEMENT and drift <= MOST_DRIFT

    def rows(self) -> tuple[tuple[str, str], ...]:
        """(measure, value), for the card."""
        return (
            ("held-out questions asked again", str(self.questions)),
            ("same next token as the trained model", f"{self.agreement:.1%} of {self.tokens}"),
            ("loss on the expected answers, trained", f"{self.loss:.3f}"),
            ("loss on the expected answers, exported", f"{self.exported_loss:.3f}"),
        )


def choices(model: Any, trials: Sequence[Trial]) -> tuple[list[int], list[float]]:
    """At each token of the expected answers: the one that the model wants, and its loss on the
    expected one."""
    import torch

    wanted: list[int] = []
    losses: list[float] = []
    with torch.inference_mode():
        for trial in trials:
            ids = torch.tensor([[*trial.prompt, *trial.answer]], device=model.device)
            logits = model(input_ids=ids, use_cache=False).logits[0]
            told = logits[len(trial.prompt) - 1 : -1].float()
            right = torch.tensor(trial.answer, device=told.device)
            wanted += told.argmax(-1).tolist()
            losses += torch.nn.functional.cross_entropy(told, right, reduction="none").tolist()
    return wanted, losses


def parity(trained: Any, exported: Any, trials: Sequence[Trial]) -> Parity:
    """Put the trials to both models. Raises ValueError without trials."""
    if not trials:
        raise ValueError("there are no trials")
    (first, loss), (second, exported_loss) = choices(trained, trials), choices(exported, trials)
    same = sum(a == b for a, b in zip(first, second, strict=True))
    count = len(first)
    return Parity(len(trials), count, same / count, sum(loss) / count, sum(exported_loss) / count)


def require_parity(found: Parity, what: str) -> None:
    """Raise WorkspaceError when the exported model has drifted from the trained one."""
    if not found.holds:
        raise WorkspaceError(
            f"the exported model answers differently from the trained one: on {found.questions} "
            f"held-out questions it would write the same at {found.agreement:.0%} of the tokens "
            f"(needed: {LEAST_AGREEMENT:.0%}), and its loss is {found.exported_loss:.2f} against "
            f"{found.loss:.2f}.",
            what,
            "Nothing was exported. Use --format adapter, and please report this.",
        )

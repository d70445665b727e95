"""What answers cost: tokens at a service's prices, or time of one's own machine."""

from __future__ import annotations

from dataclasses import dataclass

from builder.evaluation.records import ArmScores
from builder.evaluation.wording import DASH

ANSWERS = 1000


@dataclass(frozen=True, slots=True)
class Prices:
    """From bot.toml; 0 is free."""

    currency: str = "USD"
    prompt: float = 0.0
    """A million tokens read."""
    completion: float = 0.0
    """A million tokens written."""
    machine_hour: float = 0.0

    @property
    def known(self) -> bool:
        """Whether any price was given."""
        return self.prompt > 0 or self.completion > 0 or self.machine_hour > 0


def cost(scores: ArmScores, prices: Prices) -> float | None:
    """Money for a thousand answers; None where no price or no figure is known."""
    if not prices.known or scores.seconds is None:
        return None
    tokens = (scores.prompt_tokens or 0) * prices.prompt
    tokens += (scores.completion_tokens or 0) * prices.completion
    return ANSWERS * (tokens / 1e6 + scores.seconds / 3600 * prices.machine_hour)


def cost_text(scores: ArmScores, prices: Prices) -> str:
    """The cost with its currency, to three figures: `USD 0.42`."""
    value = cost(scores, prices)
    if value is None:
        return DASH
    places = 0 if value >= 100 else 2 if value >= 0.1 else 4
    return f"{prices.currency} {value:,.{places}f}"

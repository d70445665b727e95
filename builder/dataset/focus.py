"""How much of each generator's pairs a bot wants: by what it is for, for whom, and bot.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from builder.config import BotSection, DatasetSection, GeneratorName

_PURPOSES: tuple[tuple[re.Pattern[str], Mapping[GeneratorName, float]], ...] = (
    (
        re.compile(r"product|catalog|shop|sales|商品|製品|販売|カタログ", re.IGNORECASE),
        {"catalog": 2.0, "two_passages": 1.5, "tables": 1.5},
    ),
    (
        re.compile(r"support|help|troubleshoot|customer|サポート|問い合わせ|故障|お客様", re.I),
        {"faq": 2.0, "conditions": 1.5, "contacts": 1.5, "lists": 1.5},
    ),
    (
        re.compile(r"rule|polic|internal|handbook|employee|規則|規程|社内|手続|就業", re.I),
        {"conditions": 1.5, "rules": 1.5, "numbers": 1.5, "tables": 1.5},
    ),
)
"""Words of a purpose → what is asked more often there."""

_AUDIENCES: Mapping[str, Mapping[GeneratorName, float]] = {
    "everybody": {},
    "customers": {"catalog": 1.5, "faq": 1.5, "contacts": 1.5},
    "staff": {"rules": 1.5, "conditions": 1.5, "purposes": 1.5},
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Generator → how often its pairs are kept beside the others'; 0: not asked for at all."""

    weights: Mapping[str, float]

    def of(self, generator: str) -> float:
        """The weight of a generator."""
        return self.weights.get(generator, 1.0)


ALIKE = Shares({})


def shares(bot: BotSection, settings: DatasetSection) -> Shares:
    """The weights of all generators. What bot.toml says of one replaces what is suggested."""
    weights = dict.fromkeys(get_args(GeneratorName), 1.0)
    weights["sections"] = 0.5  # `Tell me about …` is what people ask least
    suggested = [factors for words, factors in _PURPOSES if words.search(bot.purpose)]
    for factors in (*suggested, _AUDIENCES[bot.audience]):
        for name, factor in factors.items():
            weights[name] *= factor
    weights.update(settings.weights)
    if settings.generators:
        chosen = set(settings.generators)
        weights = {name: weight * (name in chosen) for name, weight in weights.items()}
    return Shares(weights)

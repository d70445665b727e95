"""General knowledge: how much of it a model has, and answers of the untuned model to train along.

A tuned model forgets what its training never asks of it. `general.toml` holds questions to see how
much, and instructions whose untuned answers are trained along against it (replay).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from builder.models.completion import Completion
from builder.models.language_model import LanguageModel
from builder.prompt import Asked, Persona, encode, split_marks
from builder.training.examples import Bundle, Item
from builder.training.gradients import Gradients
from builder.training.packing import Tree, encode_bundle

SHORT, LONG = 12, 64  # tokens of an answer to a question, to an instruction
TOGETHER = 20  # right answers whose loss one forward pass takes
_ENDS = ".!?。！？"

Holds = Callable[[str, Sequence[str]], bool]
"""(answer, accepted forms) → whether it is right."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a model knows in general."""

    right: int
    asked: int
    loss: float
    """Mean over the tokens of the right answers, in nats: moves before `right` does."""

    @property
    def share(self) -> float:
        """Share of the questions that were answered rightly."""
        return self.right / self.asked


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose knowledge it is: a model as the bot asks it without passages."""

    tokenizer: Any
    persona: Persona
    languages: tuple[str, ...]
    """Languages that it writes; empty: any."""
    device: str

    def ask(self, model: Any, questions: Sequence[str], tokens: int) -> list[Completion]:
        """Greedy answers; the model is left in the mode in which it was."""
        prompts = [encode(self.tokenizer, self.persona, Asked(text)).ids for text in questions]
        return complete(self.tokenizer, model, prompts, tokens)


def complete(
    tokenizer: Any, model: Any, prompts: Sequence[Sequence[int]], tokens: int
) -> list[Completion]:
    """What a model in training writes; it is left in the mode in which it was."""
    training = model.training
    model.eval()
    try:
        return LanguageModel(tokenizer, model).complete(prompts, tokens)
    finally:
        model.train(training)


def standing(model: Any, speaker: Speaker, holds: Holds) -> Standing:
    """Ask the general questions in the languages that the model writes."""
    rows = _rows("questions", speaker.languages)
    answers = speaker.ask(model, [row[0] for row in rows], SHORT)
    right = sum(
        holds(split_marks(a.text)[0], row[1:]) for a, row in zip(answers, rows, strict=True)
    )
    items = tuple(Item(row[0], row[1], None) for row in rows)
    trees = [
        encode_bundle(speaker.tokenizer, speaker.persona, Bundle((), items[at : at + TOGETHER]))
        for at in range(0, len(items), TOGETHER)
    ]
    return Standing(right, len(rows), round(Gradients(model, speaker.device).loss(trees), 3))


def instructions(languages: tuple[str, ...]) -> list[str]:
    """What the untuned model is asked to be trained along."""
    return [row[0] for row in _rows("instructions", languages)]


def replay(model: Any, speaker: Speaker) -> list[Item]:
    """The model's own answers to the general instructions, before it is trained."""
    texts = instructions(speaker.languages)
    answers = speaker.ask(model, texts, LONG)
    items = [Item(q, _whole(a), None) for q, a in zip(texts, answers, strict=True)]
    return [item for item in items if item.answer]


def replay_trees(items: Sequence[Item], speaker: Speaker, answer_tokens: int) -> list[Tree]:
    """Closed-book examples of the items, as often as makes about so many answer tokens."""
    singles = [
        encode_bundle(speaker.tokenizer, speaker.persona, Bundle((), (item,))) for item in items
    ]
    out: list[Tree] = []
    while singles and answer_tokens > 0:
        tree = singles[len(out) % len(singles)]
        out.append(tree)
        answer_tokens -= tree.answer_tokens
    return out


def _whole(answer: Completion) -> str:
    """The answer, up to its last whole sentence where it was cut off."""
    text = split_marks(answer.text)[0]
    if answer.tokens < LONG:
        return text
    return text[: max(text.rfind(end) for end in _ENDS) + 1]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("general.toml").read_text(encoding="utf-8"))


def _rows(kind: str, languages: tuple[str, ...]) -> list[tuple[str, ...]]:
    """(text, right answers…) of the languages; English where none of them is known."""
    tables = _table()[kind]
    chosen = [t for t in tables if not languages or t["language"] in languages] or tables[:1]
    rows = [row for table in chosen for row in table["list"]]
    return [(row,) if isinstance(row, str) else tuple(row) for row in rows]

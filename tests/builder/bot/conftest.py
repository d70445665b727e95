"""A bot whose models and retrieval are fakes; everything between them is real."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bot_cases
import pytest
from model_fixtures import one_thread, tiny_source
from tiny import make_tokenizer

from builder.bot import service
from builder.bot.service import Bot
from builder.config import Config
from builder.models.catalog import ModelSource
from builder.models.completion import Completion
from builder.records import Arm, Chunk, Passage, Question, StageReport
from builder.text.terms import overlap
from builder.workspace import Manifest, Workspace

__all__ = ["one_thread", "tiny_source"]


class FakeModel:
    """Says what its table holds for a word of the prompt; remembers the prompts."""

    def __init__(self, tokenizer: Any, says: dict[str, str]) -> None:
        self.tokenizer, self.says = tokenizer, says
        self.prompts: list[str] = []
        self.batches: list[int] = []

    def complete(self, prompts: Sequence[Sequence[int]], _: int) -> list[Completion]:
        self.batches.append(len(prompts))
        return [Completion(self._say(prompt), 7) for prompt in prompts]

    def stream(self, prompt: Sequence[int], _: int) -> Iterator[str]:
        for word in self._say(prompt).split(" "):
            yield word + " "

    def _say(self, prompt: Sequence[int]) -> str:
        text = self.tokenizer.decode(prompt)
        self.prompts.append(text)
        asked = text.rpartition("Question: ")[2]
        return next((said for word, said in self.says.items() if word in asked), "I see.")


class FakeModels:
    """In the place of ArmModels: one model for each side, English only."""

    def __init__(self, says: dict[str, str]) -> None:
        self.tokenizer = make_tokenizer()
        self.base = FakeModel(self.tokenizer, {})
        self.tuned = FakeModel(self.tokenizer, says)
        self.adapter: Path | None = Path("v1")

    def get(self, arm: Arm) -> FakeModel:
        return self.tuned if arm.startswith("tuned") else self.base

    def writes(self, language: str) -> bool:
        return language in ("en", "und")


class Alone:
    """In the place of an index whose chunks have no neighbours; each word stands in two of 100."""

    keywords = SimpleNamespace(count=100, frequency=lambda _: 2)

    def neighbours(self, _: Chunk) -> tuple[None, None]:
        return None, None


def fake_retrieve(
    _index: Any, questions: Sequence[Question], _settings: Any, count: int
) -> list[list[Passage]]:
    """Passages by common terms; a passage with groups only for these groups."""
    found = []
    for question in questions:
        shares = [(overlap(question.text, p.chunk.text), p.chunk) for p in bot_cases.PASSAGES]
        ranked = sorted(shares, key=lambda item: -item[0])
        found.append([Passage(c, share, 0.75 + 0.2 * share, share) for share, c in ranked][:count])
    return found


@pytest.fixture
def make_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Bot]:
    def make(says: dict[str, str] | None = None, **settings: Any) -> Bot:
        workspace = Workspace(tmp_path / "bot")
        workspace.complete(Manifest("index", "x", StageReport("index", 1, 1)))
        source = ModelSource("fake", "fake", (), "", "fake")
        monkeypatch.setattr(service, "embedder", lambda *_: source)
        monkeypatch.setattr(service, "retrieve", fake_retrieve)
        bot = Bot(workspace, Config.model_validate(settings), lambda _: None)
        bot.models = FakeModels(says or {})  # type: ignore[assignment]
        monkeypatch.setattr(bot, "_current_index", lambda: nullcontext(Alone()))
        monkeypatch.setattr(bot, "similarities", bot_cases.similar)
        return bot

    return make

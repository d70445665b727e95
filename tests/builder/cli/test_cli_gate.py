"""`evaluate --gate`: the newest adapter against the one in use, and the status that says it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tiny

from builder import pipeline
from builder.models.catalog import ModelSource
from builder.models.language_model import LanguageModel
from builder.records import Answer, Arm, Question
from builder.stages.context import Context

NUMBERS = range(30)


def test_two_adapters_are_asked_and_compared(
    tiny_bot: Path,
    tiny_source: ModelSource,
    command: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "monoshiri train" in command("evaluate", tiny_bot, "--gate").err
    tiny.save_adapter(tiny_bot / "adapters" / "v1", tiny_source, 1)
    first = command("evaluate", tiny_bot, "--gate")
    assert (first.status, first.out) == (
        0,
        "Passed: v1 is the first adapter, there is none to compare it with.\n",
    )

    tiny.save_adapter(tiny_bot / "adapters" / "v2", tiny_source, 2)
    loaded: list[str] = []
    load = LanguageModel.load

    def watched(source: ModelSource, device: str, adapter: Path | None = None) -> LanguageModel:
        loaded.append(adapter.name if adapter else "")
        return load(source, device, adapter)

    monkeypatch.setattr(LanguageModel, "load", watched)
    ended = command("evaluate", tiny_bot, "--gate")
    assert ended.status == 0, ended.err
    assert loaded == ["v2", "v1"]
    assert "Passed: nothing shows that v2 is worse than v1." in ended.out
    report = json.loads((tiny_bot / "reports" / "gate.json").read_text(encoding="utf-8"))
    assert (report["new"], report["old"], report["questions"]) == ("v2", "v1", 2)

    assert command("evaluate", tiny_bot, "--gate", "--against", "v2").status == 2
    assert command("evaluate", tiny_bot, "--against", "v1").status == 2


class Student:
    """Answers the first `knows` of the numbered questions."""

    def __init__(self, knows: int) -> None:
        self.knows = knows
        self.models = SimpleNamespace(unload=lambda: None)
        self.similarities = SimpleNamespace(forgotten=nullcontext)

    def ask_many(self, questions: Sequence[Question], arm: Arm) -> list[Answer]:
        return [self._answer(question, arm) for question in questions]

    def _answer(self, question: Question, arm: Arm) -> Answer:
        number = int(question.id)
        said = f"{number + 30} days." if number < self.knows else "Nobody can say."
        return Answer(question.id, question.text, said, False, (), True, arm, 0.1, 5, 5)


def test_a_worse_adapter_ends_with_status_1_and_how_to_go_back(
    tmp_path: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot.toml").write_text("", encoding="utf-8")
    for version in ("v1", "v2"):
        (tmp_path / "adapters" / version).mkdir(parents=True)
        (tmp_path / "adapters" / version / "adapter_model.safetensors").touch()
    golds = [
        {"id": str(n), "question": f"How long is warranty {n}?", "answer": f"{n + 30} days."}
        for n in NUMBERS
    ]
    asked = tmp_path / "asked.jsonl"
    asked.write_text("\n".join(map(json.dumps, golds)), encoding="utf-8")
    knows = {"v1": 30, "v2": 5}

    def open_bot(context: Context) -> Student:
        return Student(knows[context.config.model.adapter])

    monkeypatch.setattr(pipeline, "open_bot_of", open_bot)
    ended = command("evaluate", tmp_path, "--gate", "--questions", asked)
    assert ended.status == 1
    assert "Failed: v2 is worse than v1" in ended.out
    assert 'adapter = "v1"' in ended.out

    knows["v2"] = 30
    ended = command("evaluate", tmp_path, "--gate", "--questions", asked)
    assert (ended.status, ended.err) == (0, "")

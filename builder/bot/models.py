"""The models behind the arms: the base, and the base with the bot's newest adapter."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from builder.config import Config
from builder.models.catalog import ModelSource, Say, language_model
from builder.models.devices import pick_device
from builder.models.language_model import LanguageModel, load_tokenizer
from builder.records import Arm
from builder.workspace import Workspace

TUNED: frozenset[Arm] = frozenset({"tuned", "tuned+rag"})


class ArmModels:
    """Loads each model on first use. Holds at most one at a time on a GPU, both on a CPU."""

    def __init__(self, workspace: Workspace, config: Config, say: Say) -> None:
        self.workspace, self.config, self.say = workspace, config, say
        self._loaded: dict[bool, LanguageModel] = {}

    @property
    def adapter(self) -> Path | None:
        """The newest complete adapter."""
        return newest_adapter(self.workspace)

    @cached_property
    def source(self) -> ModelSource:
        """The language model that bot.toml names."""
        return language_model(self.config.model.name, self.say)

    @cached_property
    def tokenizer(self) -> Any:
        """Its tokenizer."""
        return load_tokenizer(self.source)

    def writes(self, language: str) -> bool:
        """Whether the model writes this language; taken as yes where nothing is known."""
        known = self.config.model.languages or self.source.languages
        return not known or language in known or language == "und"

    def unload(self) -> None:
        """Give the models' memory back; the next question loads what it needs."""
        self._loaded.clear()

    def get(self, arm: Arm) -> LanguageModel:
        """The model of an arm."""
        tuned = arm in TUNED
        if tuned not in self._loaded:
            device = pick_device(self.config.model.device)
            if device == "cuda":
                self._loaded.clear()
            adapter = self.adapter if tuned else None
            self._loaded[tuned] = LanguageModel.load(self.source, device, adapter)
        return self._loaded[tuned]


def newest_adapter(workspace: Workspace) -> Path | None:
    """The adapter folder `vN` with the highest N that was saved whole."""
    versions = [
        (int(folder.name[1:]), folder)
        for folder in workspace.adapters.glob("v*")
        if folder.name[1:].isdigit() and (folder / "adapter_model.safetensors").is_file()
    ]
    return max(versions)[1] if versions else None

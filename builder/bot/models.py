"""The models behind the arms: the base, and the base with the bot's adapter."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from builder.config import Config
from builder.errors import UsageError
from builder.models.catalog import ModelSource, Say, hub_id, language_model
from builder.models.completion import Runtime
from builder.models.devices import pick_device
from builder.models.language_model import load_tokenizer
from builder.models.runtimes import open_model
from builder.models.tuned import is_complete, made_for
from builder.records import Arm
from builder.workspace import Workspace

TUNED: frozenset[Arm] = frozenset({"tuned", "tuned+rag"})
ADAPTER_GROUPS = "groups.json"
"""In an adapter's folder: groups whose documents it has learned from; any of them may use it."""


class ArmModels:
    """Loads each model on first use. Holds at most one at a time on a GPU, both on a CPU."""

    def __init__(self, workspace: Workspace, config: Config, say: Say) -> None:
        self.workspace, self.config, self.say = workspace, config, say
        self._loaded: dict[bool, Runtime] = {}
        self._loading = threading.Lock()

    @property
    def adapter(self) -> Path | None:
        """The adapter in use, if it was trained on the model that bot.toml names."""
        chosen = chosen_adapter(self.workspace, self.config.model.adapter)
        return chosen if chosen and made_for(chosen, hub_id(self.config.model.name)) else None

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
        with self._loading:
            for model in self._loaded.values():
                model.close()
            self._loaded.clear()

    def get(self, arm: Arm) -> Runtime:
        """The model of an arm; askers that come while it is loaded wait for it."""
        tuned = arm in TUNED
        with self._loading:
            if tuned not in self._loaded:
                device = pick_device(self.config.model.device)
                if device == "cuda":
                    self._loaded.clear()
                adapter = self.adapter if tuned else None
                self._loaded[tuned] = open_model(
                    self.source, device, adapter, self.config.model.runtime, self.say
                )
            return self._loaded[tuned]


def may_use(adapter: Path, groups: Sequence[str]) -> bool:
    """Whether an asker in these groups may read all that the adapter has learned."""
    file = adapter / ADAPTER_GROUPS
    if not file.exists():
        return True  # from before `training.groups`: it has learned what everybody may read
    learned: list[str] = json.loads(file.read_text(encoding="utf-8"))
    return not learned or not set(learned).isdisjoint(groups)


def newest_adapter(workspace: Workspace) -> Path | None:
    """The adapter folder `vN` with the highest N that was saved whole."""
    versions = adapters(workspace)
    return versions[-1] if versions else None


def adapters(workspace: Workspace) -> list[Path]:
    """The folders `vN` of all adapters that were saved whole, the oldest first."""
    found = [
        (int(folder.name[1:]), folder)
        for folder in workspace.adapters.glob("v*")
        if folder.name[1:].isdigit() and is_complete(folder)
    ]
    return [folder for _, folder in sorted(found)]


def chosen_adapter(workspace: Workspace, wanted: str) -> Path | None:
    """The newest adapter, or the version that `model.adapter` names; None where none was trained.

    Raises UsageError for a version that isn't there.
    """
    there = adapters(workspace)
    if wanted == "newest":
        return there[-1] if there else None
    for folder in there:
        if folder.name == wanted:
            return folder
    raise UsageError(
        "there is no such adapter.",
        f'model.adapter = "{wanted}"',
        f"There are: {', '.join(folder.name for folder in there) or 'none'}.",
    )

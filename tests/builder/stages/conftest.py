"""A company's folder of documents; a bot's folder as the earlier stages leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from model_fixtures import one_thread, tiny_source
from stage_case import COMPANY, write_files
from training_cases import CHUNKS, TRAINING, Listener, make_pairs

from builder.config import Config
from builder.models.catalog import ModelSource
from builder.records import Chunk, QAPair, StageReport
from builder.stages import importing, material
from builder.stages.context import Context
from builder.stages.generating import Retrieved
from builder.workspace import Manifest, Workspace, write_jsonl
from connectors.records import Rejection

__all__ = ["one_thread", "tiny_source"]


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return write_files(tmp_path / "company", COMPANY)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sources of the files that were really read."""
    seen: list[str] = []
    real = importing.read_items

    def watched(items: list[Any], **limits: Any) -> Iterator[Any]:
        seen.extend(item.source for item in items if not isinstance(item, Rejection))
        return real(items, **limits)

    monkeypatch.setattr(importing, "read_items", watched)
    return seen


@pytest.fixture
def tiny_model(tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> ModelSource:
    """The tiny model in the place of the embedded one, wherever a stage asks for that."""
    monkeypatch.setattr(material, "language_model", lambda *_: tiny_source)
    return tiny_source


@pytest.fixture
def bot_folder(tmp_path: Path) -> Callable[..., Context]:
    """Make (or change) the folder: pairs of the splits, chunks, and a configuration."""

    def make(
        train: Sequence[QAPair] = tuple(make_pairs(0, 18)),
        validation: Sequence[QAPair] = tuple(make_pairs(100, 3, split="validation")),
        test: Sequence[QAPair] = tuple(make_pairs(200, 4, split="test")),
        chunks: Sequence[Chunk] = tuple(CHUNKS),
        root: Path = tmp_path / "bot",
        **changes: Any,
    ) -> Context:
        workspace = Workspace(root)
        write_jsonl(workspace.chunks, chunks)
        splits = {"train": train, "validation": validation, "test": test}
        for name, pairs in splits.items():
            write_jsonl(workspace.dataset / f"{name}.jsonl", pairs)
        ids = tuple(chunk.id for chunk in chunks if not chunk.groups)
        rows = [Retrieved(p.id, ids) for pairs in splits.values() for p in pairs]
        write_jsonl(workspace.dataset / "retrieved.jsonl", rows)
        for stage in ("import", "prepare", "index", "generate"):
            workspace.complete(Manifest(stage, "made by the test", StageReport(stage, 1, 1)))
        config = Config.model_validate({"training": TRAINING, **changes})
        return Context(workspace, config, Listener())

    return make

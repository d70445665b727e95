"""A bot built once by the command itself, for all tests that ask it; and one of a tiny model."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import company
import pytest
from builder_fakes import FakeEmbedder
from model_fixtures import embedded_embedder, embedded_model, one_thread, tiny_source

from builder import pipeline
from builder.bot import service
from builder.cli.main import main
from builder.models.catalog import ModelSource
from builder.models.language_model import LanguageModel

__all__ = ["embedded_embedder", "embedded_model", "one_thread", "tiny_source"]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


def run_command(*arguments: object) -> Ended:
    """`monoshiri` with these arguments, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse
            status = int(ended.code or 0)
    return Ended(status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def command() -> Callable[..., Ended]:
    return run_command


@dataclass(frozen=True)
class Built:
    """A bot's folder, its sources, and how building it ended."""

    bot: Path
    sources: Path
    config: Path
    ended: Ended


@pytest.fixture(scope="session")
def loaded_once() -> Iterator[None]:
    """Every command loads its models anew; here they share them, which saves half the time."""
    load = LanguageModel.load
    models: dict[tuple[object, ...], LanguageModel] = {}

    def once(*arguments: Any) -> LanguageModel:
        if arguments not in models:
            models[arguments] = load(*arguments)
        return models[arguments]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LanguageModel, "load", once)
        yield


@pytest.fixture(scope="session")
def built(
    loaded_once: None,  # noqa: ARG001
    embedded_model: ModelSource,  # noqa: ARG001
    embedded_embedder: ModelSource,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> Built:
    """The small shop's bot: real models, hardly any training."""
    root = tmp_path_factory.mktemp("shop")
    sources = company.write_company(root / "company")
    config = root / "given.toml"
    config.write_text(company.SETTINGS, encoding="utf-8")
    ended = run_command("build", sources, "--out", root / "bot", "--config", config)
    return Built(root / "bot", sources, config, ended)


@pytest.fixture
def tiny_bot(tiny_source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot with the tiny model, and a stand-in for the embedder; it has no adapter yet."""
    embedder = FakeEmbedder()
    monkeypatch.setattr(pipeline, "open_embedder", lambda _: embedder)
    monkeypatch.setattr(service, "Embedder", lambda _: embedder)
    settings = (
        f'[model]\nname = "{tiny_source.location}"\nruntime = "transformers"\n'
        "[answer]\nmax_tokens = 8\n[evaluation]\nquestions = 2\n[retrieval]\npassages = 1\n"
    )
    (tmp_path / "given.toml").write_text(settings, encoding="utf-8")
    sources, made = company.write_company(tmp_path / "company"), tmp_path / "bot"
    config = tmp_path / "given.toml"
    ended = run_command("build", sources, "--out", made, "--config", config, "--no-train")
    assert ended.status == 0, ended.err
    return made

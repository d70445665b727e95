"""Fixtures for folders of tests that need models: tiny ones made here, and the embedded ones as
users get them."""

from __future__ import annotations

from typing import Any

import pytest
import tiny

from builder.models import catalog
from builder.models.catalog import ModelSource

LIMIT = 3500
"""Most tokens of a prompt and its answer, of the engines that are tried on a tiny model."""


@pytest.fixture(scope="session")
def one_thread() -> None:
    """Small matrices are no faster on two; and the sums come out the same everywhere."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    return tiny.make_tokenizer()


@pytest.fixture(scope="session")
def tiny_source(
    one_thread: None,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> ModelSource:
    return tiny.save_tiny(tmp_path_factory.mktemp("tiny-llama"))


@pytest.fixture(scope="session")
def embedded_model(one_thread: None) -> ModelSource:  # noqa: ARG001
    """The embedded language model, fetched as on a user's first call; fails where it can't be."""
    return catalog.language_model("embedded", print)


@pytest.fixture(scope="session")
def embedded_embedder(one_thread: None) -> ModelSource:  # noqa: ARG001
    return catalog.embedder("embedded", print)

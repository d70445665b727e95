"""Fakes, tiny models and, for a few tests, the embedded models as users get them.

Its place puts `builder_fakes`, `tiny` and `loop_case` on the path of the tests below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tiny
from builder_fakes import FakeEmbedder, ListVoice

from builder.errors import ModelUnavailable
from builder.models import catalog
from builder.models.catalog import ModelSource, Say


@pytest.fixture
def fake_embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def voice() -> ListVoice:
    return ListVoice()


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    return tiny.make_tokenizer()


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """The same sums at every run: several threads add in another order."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def embedded_model() -> ModelSource:
    """The embedded language model."""
    return _here(catalog.language_model)


@pytest.fixture(scope="session")
def embedded_embedder() -> ModelSource:
    """The embedded embedder."""
    return _here(catalog.embedder)


def _here(find: Callable[[str, Say], ModelSource]) -> ModelSource:
    """The model as this machine has it unpacked; without network a missing one skips the test."""
    try:
        return find("embedded", print)
    except (ModelUnavailable, OSError) as exc:
        pytest.skip(f"the embedded model is not here: {exc}")

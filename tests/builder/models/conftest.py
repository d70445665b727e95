"""Sums that come out the same everywhere, and a server to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from model_fixtures import embedded_embedder, one_thread, tiny_source
from openai_server import Answering, serving

from builder.models import endpoint

__all__ = ["embedded_embedder", "one_thread", "tiny_source"]


@pytest.fixture(autouse=True)
def steady(one_thread: None) -> None:
    """Batched and unbatched are compared here."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answering], str]]:
    """Starts a server of OpenAI's protocol, and says its address; nobody waits before they ask it
    again."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(endpoint, "PAUSE_SECONDS", 0.0)
    with ExitStack() as servers:
        yield lambda answer: servers.enter_context(serving(answer))

"""Sums that come out the same everywhere."""

from __future__ import annotations

import pytest
from model_fixtures import embedded_embedder, one_thread, tiny_source

__all__ = ["embedded_embedder", "one_thread", "tiny_source"]


@pytest.fixture(autouse=True)
def steady(one_thread: None) -> None:
    """Batched and unbatched are compared here."""

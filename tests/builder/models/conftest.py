"""Sums that come out the same everywhere."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def steady(one_thread: None) -> None:
    """Batched and unbatched are compared here."""

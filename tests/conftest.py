"""Fixtures for the tests of more than one package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server without pages."""
    server = Site()
    yield server
    server.close()

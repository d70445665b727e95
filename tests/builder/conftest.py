"""Its place puts `builder_fakes` on the path of the tests below."""

from __future__ import annotations

import pytest
from builder_fakes import FakeEmbedder, ListVoice


@pytest.fixture
def fake_embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def voice() -> ListVoice:
    return ListVoice()

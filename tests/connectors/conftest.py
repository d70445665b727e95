"""Helpers for the tests of connectors: every file is made on the fly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.item import FileItem, read_file
from connectors.records import Document, Rejection

Read = Callable[[Path], Document]


def item_for(path: Path) -> FileItem:
    status = path.stat()
    return FileItem(path.name, path, status.st_size, status.st_mtime_ns)


@pytest.fixture
def read() -> Read:
    """Reads a file that has to be readable."""

    def read_document(path: Path) -> Document:
        outcome = read_file(item_for(path))
        assert isinstance(outcome, Document), outcome
        return outcome

    return read_document


@pytest.fixture
def reject() -> Callable[[Path], Rejection]:
    """Reads a file that has to be rejected."""

    def rejected(path: Path) -> Rejection:
        outcome = read_file(item_for(path))
        assert isinstance(outcome, Rejection), outcome.parts
        assert outcome.message.endswith("."), outcome.message
        return outcome

    return rejected


@pytest.fixture
def read_all() -> Callable[[Path], dict[str, Document | Rejection]]:
    """Reads a file and all files inside it, by source, in their order."""

    def outcomes(path: Path) -> dict[str, Document | Rejection]:
        found = list(item_for(path).read())
        by_source = {outcome.source: outcome for outcome in found}
        assert len(by_source) == len(found), [outcome.source for outcome in found]
        return by_source

    return outcomes

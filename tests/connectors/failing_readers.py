"""Readers for the tests of the worker: they fail in ways that a function can't catch."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from connectors.item import FileItem, read_file
from connectors.records import Document, Rejection


def read_or_fail(item: FileItem) -> Iterator[Document | Rejection]:
    """Fails as the file's name says."""
    if "hang" in item.source:
        time.sleep(60)
    if "crash" in item.source:
        os.abort()
    if "memory" in item.source:
        bytearray(4 * 1024**3)
    if "print" in item.source:
        print("noise on standard output")  # noqa: T201
        os.write(1, b"native noise")
    yield read_file(item)

"""Peak memory of this process and of its children together, sampled while a block runs."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

SAMPLE_SECONDS = 0.05


@dataclass(slots=True)
class Spent:
    """What a block took; filled in when it ends."""

    seconds: float = 0.0
    parent_mb: float = 0.0
    children_mb: float = 0.0
    """All children together, at the moment when they held most."""


@contextlib.contextmanager
def measured() -> Iterator[Spent]:
    """Time and peak resident memory of the block."""
    spent = Spent()
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(spent, ended), daemon=True)
    watch.start()
    began = time.perf_counter()
    try:
        yield spent
    finally:
        spent.seconds = time.perf_counter() - began
        ended.set()
        watch.join()


def _watch(spent: Spent, ended: threading.Event) -> None:
    import psutil

    own = psutil.Process()
    while True:
        spent.parent_mb = max(spent.parent_mb, own.memory_info().rss / 1e6)
        total = 0
        for child in own.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                total += child.memory_info().rss
        spent.children_mb = max(spent.children_mb, total / 1e6)
        if ended.wait(SAMPLE_SECONDS):
            return

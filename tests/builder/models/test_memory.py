"""What a stage freed goes back to the system before the next one."""

from __future__ import annotations

import ctypes
import sys

import psutil
import pytest

from builder.models.memory import release

BLOCK, BLOCKS = 20_000, 10_000


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="only glibc keeps freed pages",
)
def test_pages_between_small_blocks_are_returned() -> None:
    process = psutil.Process()
    release()
    least = process.memory_info().rss
    blocks = [bytes([n % 250 + 1]) * BLOCK for n in range(BLOCKS)]
    pinned = blocks[::100]
    most = process.memory_info().rss
    assert most - least > BLOCK * BLOCKS * 0.9
    del blocks
    release()
    assert process.memory_info().rss - least < BLOCK * BLOCKS * 0.2
    assert len(pinned) == BLOCKS // 100

"""Memory that the process doesn't need any more, back to the system."""

from __future__ import annotations

import ctypes
import gc
import sys


def release() -> None:
    """Collect what is unreachable, and return the freed pages: glibc keeps those between small
    blocks, which after training are gigabytes."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)

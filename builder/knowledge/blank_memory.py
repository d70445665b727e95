"""Memory without traces of what lay there before.

Chroma's HNSW index is written with its unused places, in memory that the process used for something
else: pieces of documents that are masked in the index, or that only some may read, came into its
files.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_M_PERTURB = -6  # of glibc's malloc.h
_TO_ZEROS = 255  # new memory is filled with the complement of this


@contextmanager
def blank_memory() -> Iterator[None]:
    """Memory that is handed out meanwhile, to any thread, holds zeros. Only where the C library is
    glibc; elsewhere nothing changes."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "gnu_get_libc_version"):
        yield
        return
    library.mallopt(_M_PERTURB, _TO_ZEROS)
    try:
        yield
    finally:
        library.mallopt(_M_PERTURB, 0)

"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata

_PACKAGES = ("monoshiri", "torch", "transformers", "peft", "bitsandbytes", "chromadb", "numpy")


def environment() -> dict[str, str]:
    """Python, machine and versions of the libraries that matter; no names of hosts or people."""
    found = {
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.machine()}",
        "CPU cores": str(_cores()),
    }
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # an optional part that isn't installed
    return found


def _cores() -> int:
    # Inside a container the scheduler's set is smaller than the machine.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

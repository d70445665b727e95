"""The machine: free memory and disk, what it draws, and how fast it multiplies."""

from __future__ import annotations

import resource
import shutil
import sys
import time
from pathlib import Path

from builder.errors import WorkspaceError
from builder.models.devices import compute_dtype

WATTS_A_THREAD = 10.0  # a server's share of 200 to 350 W for 24 to 32 threads at work
WATTS_A_GPU = 350.0
_RAPL = Path("/sys/class/powercap")


def free_memory(device: str) -> int:
    """Bytes that training may take."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    import psutil

    return int(psutil.virtual_memory().available)


def peak_memory(device: str) -> int:
    """Most bytes that this process has held."""
    if device == "cuda":
        import torch

        return int(torch.cuda.max_memory_reserved())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def require_disk(folder: Path, needed: int) -> None:
    """Raise WorkspaceError unless so many bytes are free where `folder` is or will be."""
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed:
        raise WorkspaceError(
            f"training needs {needed / 1e9:.1f} GB of disk for checkpoints and the adapter, and "
            f"{free / 1e9:.1f} GB are free.",
            str(folder),
            "Free some space, or lower `training.rank`.",
        )


def energy_used() -> float | None:
    """Joules that the processors have drawn since some moment, where the system tells."""
    try:
        counters = [int(path.read_text()) for path in _RAPL.glob("intel-rapl:?/energy_uj")]
    except (OSError, ValueError):
        return None
    return sum(counters) / 1e6 if counters else None


def assumed_watts(device: str) -> float:
    """A rough figure for a machine that does not tell."""
    import torch

    return WATTS_A_GPU if device == "cuda" else WATTS_A_THREAD * torch.get_num_threads()


def products_per_second(device: str) -> float:
    """Floating-point operations a second of a large matrix product, measured."""
    import torch

    size = 1024 if device == "cpu" else 8192
    matrix = torch.ones(size, size, dtype=compute_dtype(device), device=device)
    float((matrix @ matrix)[0, 0])
    began = time.monotonic()
    for _ in range(3):
        last = matrix @ matrix
    float(last[0, 0])  # waits for the device
    return 3 * 2 * size**3 / (time.monotonic() - began)

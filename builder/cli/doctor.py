"""`doctor`: what this machine can do, and what is missing."""

from __future__ import annotations

import argparse
import shutil
from importlib import metadata, util
from pathlib import Path

from builder.models.carriers import E5_SMALL, SMOLLM2, Carrier, cache_folder

NEEDED_GB = 6
PACKAGES = (
    "torch",
    "transformers",
    "peft",
    "bitsandbytes",
    "chromadb",
    "langchain",
    "streamlit",
    "pypdf",
)


def doctor(_options: argparse.Namespace) -> int:
    """Print findings; status 1 when something needed is missing."""
    faults = 0
    for package in PACKAGES:
        found = util.find_spec(package) is not None
        faults += not found
        print(f"  {package:14} {metadata.version(package) if found else 'MISSING: pip install it'}")
    faults += _machine()
    for carrier in (SMOLLM2, E5_SMALL):
        print(f"  {carrier.package:14} {_carried(carrier)}")
    print("Nothing is missing." if not faults else f"{faults} things are missing.")
    return 1 if faults else 0


def _machine() -> int:
    import psutil
    import torch

    from builder.models.devices import compute_dtype, pick_device

    device = pick_device("auto")
    name = (
        torch.cuda.get_device_name() if device == "cuda" else f"{torch.get_num_threads()} threads"
    )
    memory = psutil.virtual_memory()
    home = cache_folder()
    while not home.exists():
        home = home.parent
    free = shutil.disk_usage(home).free / 1e9
    print(f"  device         {device} ({name}), computes in {compute_dtype(device)}")
    print(f"  memory         {memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free")
    print(f"  disk           {free:.1f} GB free{_low(free)}")
    return int(free < 1)


def _low(free: float) -> str:
    return f" (a bot with a larger model needs about {NEEDED_GB} GB)" if free < NEEDED_GB else ""


def _carried(carrier: Carrier) -> str:
    folder: Path = cache_folder() / "models" / f"{carrier.package}-{carrier.version}"
    return "unpacked" if folder.is_dir() else f"fetched on first use ({carrier.megabytes} MB)"

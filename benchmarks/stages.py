"""Seconds and peak memory of each stage of a build: `python -m benchmarks.stages FOLDER`.

Each stage runs in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builder.config_file import QUICK, make_config
from builder.workspace import Workspace

STAGES = ("import", "index", "generate", "train", "evaluate")


def main(folder: str) -> None:
    """Build quickly, a stage at a time."""
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(Path(scratch) / "bot")
        make_config(workspace, [folder], None, QUICK)
        print("| stage | seconds | peak memory GB |\n| --- | --- | --- |")
        for stage in STAGES:
            began = time.perf_counter()
            command = [sys.executable, "-m", "builder.cli", stage, str(workspace.root)]
            process = subprocess.Popen(command)
            _, _status, used = os.wait4(process.pid, 0)
            spent = time.perf_counter() - began
            print(f"| {stage} | {spent:.0f} | {used.ru_maxrss / 1e6:.2f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

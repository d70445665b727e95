"""Start-up time of `monoshiri --help`: `python -m benchmarks.starting`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def main() -> None:
    """The bare interpreter and the command, in turn."""
    ways = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "monoshiri --help": [sys.executable, "-m", "builder.cli", "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, command in ways.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times[name].append(time.perf_counter() - began)
    print("| command | median s | min | max |\n| --- | --- | --- | --- |")
    for name, spent in times.items():
        print(f"| {name} | {statistics.median(spent):.3f} | {min(spent):.3f} | {max(spent):.3f} |")


if __name__ == "__main__":
    main()

"""Documents and megabytes imported a second: `python -m benchmarks.importing FOLDER`."""

from __future__ import annotations

import sys
import time
from itertools import chain

from connectors.item import FileItem
from connectors.records import Document
from connectors.sources import open_source
from connectors.worker import read_items


def main(folder: str) -> None:
    """Read the folder three times; the first run also warms the disk's cache."""
    items = list(open_source(folder).items())
    megabytes = sum(i.size for i in items if isinstance(i, FileItem)) / 1e6
    print("| run | files | documents | seconds | files/s | MB/s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for run in range(1, 4):
        began = time.perf_counter()
        outcomes = list(
            chain.from_iterable(read_items(items, seconds_per_file=120, memory_mb=2000))
        )
        seconds = time.perf_counter() - began
        documents = sum(isinstance(o, Document) for o in outcomes)
        print(
            f"| {run} | {len(outcomes)} | {documents} | {seconds:.2f} "
            f"| {len(outcomes) / seconds:.0f} | {megabytes / seconds:.2f} |"
        )


if __name__ == "__main__":
    main(sys.argv[1])

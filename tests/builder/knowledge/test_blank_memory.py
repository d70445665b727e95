"""Nothing of the process's memory comes into the files of the index."""

from __future__ import annotations

import json
import platform
import threading
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder, make_chunk

from builder.knowledge.vectors import VectorStore


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_unused_places_of_the_vector_files_are_blank(tmp_path: Path) -> None:
    def use_memory() -> None:
        for _ in range(100):
            json.loads(json.dumps([{"secret": "SECRET" * 900, "more": ["x" * 200] * 50}] * 8))

    threads = [threading.Thread(target=use_memory) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = VectorStore(tmp_path, FakeEmbedder())
    for number in range(20):  # without care about a third of them hold something
        store.add([make_chunk("a", f"text {number}", groups=(f"g{number}",))], {})
    files = list(tmp_path.rglob("data_level0.bin"))
    assert len(files) == 20
    assert [file.parent.name for file in files if any(file.read_bytes())] == []

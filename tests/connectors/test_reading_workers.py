"""Reading in worker processes: one bad file costs that file only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest

from connectors.folder import FolderSource
from connectors.records import Document, Rejection
from connectors.worker import read_items

FAILING = "failing_readers:read_or_fail"


def _folder(path: Path, *names: str) -> FolderSource:
    for name in names:
        (path / name).write_text(f"# {name}\n", encoding="utf-8")
    return FolderSource(path)


def flat(outcomes: Iterable[tuple[Document | Rejection, ...]]) -> list[Document | Rejection]:
    return list(chain.from_iterable(outcomes))


def _reason(outcome: Document | Rejection) -> str:
    return outcome.reason if isinstance(outcome, Rejection) else "read"


def test_documents_come_in_the_order_of_the_items(tmp_path: Path) -> None:
    source = _folder(tmp_path, *(f"{i:02}.md" for i in range(40)), "x.bin")
    outcomes = flat(read_items(source.items(), workers=3))
    assert [o.source for o in outcomes] == [*(f"{i:02}.md" for i in range(40)), "x.bin"]
    assert [_reason(o) for o in outcomes] == ["read"] * 40 + ["unsupported"]


def test_nothing_to_read() -> None:
    assert list(read_items([])) == []


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of the address space")
def test_bad_files_cost_themselves_only(tmp_path: Path) -> None:
    names = ("a.md", "b-crash.md", "c.md", "d-hang.md", "e.md", "f-memory.md", "g-print.md", "h.md")
    source = _folder(tmp_path, *names)
    started = time.monotonic()
    outcomes = flat(
        read_items(source.items(), workers=1, seconds_per_file=1.5, memory_mb=1000, read=FAILING)
    )
    assert [_reason(outcome) for outcome in outcomes] == [
        "read",
        "broken",
        "read",
        "timeout",
        "read",
        "too-large",
        "read",
        "read",
    ]
    assert time.monotonic() - started < 15
    assert all(o.message.endswith(".") for o in outcomes if isinstance(o, Rejection))


def test_closing_the_iterator_ends_the_workers(tmp_path: Path) -> None:
    source = _folder(tmp_path, "a.md", "b-hang.md", "c-hang.md")
    outcomes = read_items(source.items(), read=FAILING)
    assert _reason(next(outcomes)[0]) == "read"
    started = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_interrupt_ends_promptly(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    _folder(source, "a.md", "b-hang.md", "c-hang.md")
    script = tmp_path / "script.py"
    script.write_text(
        "import signal\nfrom connectors.folder import FolderSource\n"
        "from connectors.worker import read_items\n"
        # A shell starts what it runs in the background with SIGINT ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"for outcome in read_items(FolderSource({str(source)!r}).items(), read={FAILING!r}):\n"
        "    print('got', outcome[0].source, flush=True)\n",
        encoding="utf-8",
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "got a.md\n"
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - started < 10
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors

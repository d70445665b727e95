"""Temporary folders: gone when they are done with, and after a kill at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from connectors.folder import FolderSource
from connectors.scratch import Scratch, remove_abandoned
from connectors.worker import read_items

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks and signals")

HANGING = "failing_readers:read_or_fail"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files, of this process and those that it starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def source(tmp_path: Path) -> FolderSource:
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("a.md", "b-hang.md"):
        (folder / name).write_text(f"# {name}\n", encoding="utf-8")
    return FolderSource(folder)


@pytest.fixture
def killed(temporary: Path, source: FolderSource) -> Iterator[list[Path]]:
    """What a reading process left that was killed, and its worker with it."""
    with _started(
        "from connectors.folder import FolderSource\nfrom connectors.worker import read_items\n"
        f"for outcome in read_items(FolderSource({str(source.root)!r}).items(), read={HANGING!r}):"
        "\n    print('got', outcome[0].source, flush=True)\n"
    ) as process:
        workers = psutil.Process(process.pid).children()
        process.kill()
        for worker in workers:
            worker.kill()
        process.wait()
    yield list(temporary.iterdir())


def _started(script: str) -> subprocess.Popen[bytes]:
    """A Python process that has written its first line."""
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


def test_what_a_killed_run_left_is_removed_when_the_next_reads(
    killed: list[Path], temporary: Path, source: FolderSource
) -> None:
    assert killed
    assert all(folder.name.startswith("monoshiri-worker-") for folder in killed)
    outcomes = read_items(list(source.items())[:1])
    assert [one.source for outcome in outcomes for one in outcome] == ["a.md"]
    assert list(temporary.iterdir()) == []


def test_so_is_what_was_made_elsewhere_when_the_next_is_made_there(
    temporary: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    script = (
        "from pathlib import Path\nfrom connectors.scratch import Scratch\n"
        f"scratch = Scratch('part', Path({str(elsewhere)!r}))\n"
        "(scratch.path / 'half').write_text('a')\nprint('made', flush=True)\ninput()\n"
    )
    with _started(script) as process:
        process.kill()
    (left,) = elsewhere.iterdir()
    assert (left / "half").exists()
    with closing(Scratch("part", elsewhere)) as fresh:
        assert list(elsewhere.iterdir()) == [fresh.path]
    assert not list(elsewhere.iterdir()) + list(temporary.iterdir())


def test_the_folder_of_a_process_that_lives_is_left_alone(temporary: Path) -> None:
    script = (
        "from connectors.scratch import Scratch\nscratch = Scratch('other')\n"
        "print(scratch.path, flush=True)\ninput()\n"
    )
    with closing(Scratch("own")) as own, _started(script) as process:
        remove_abandoned(temporary)
        other = next(path for path in temporary.iterdir() if path != own.path)
        assert own.path.is_dir()
        process.communicate(b"\n")
        assert not other.exists()  # it ended by itself
    assert not own.path.exists()


def test_only_such_folders_are_removed(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for folder in (temporary / "monoshiri-notes", temporary / "others", elsewhere):
        folder.mkdir()
    (temporary / "others" / ".owner").touch()
    (elsewhere / ".owner").touch()
    (temporary / "monoshiri-link").symlink_to(elsewhere)
    before = set(temporary.iterdir())
    remove_abandoned(temporary)
    assert set(temporary.iterdir()) == before
    assert elsewhere.is_dir()

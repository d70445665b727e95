"""The bot's folder: a kill, a full disk or a second run loses nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builder_fakes import make_chunk

import builder
from builder.errors import StageMissing, WorkspaceError
from builder.records import Chunk, StageReport
from builder.workspace import (
    STAGES,
    Manifest,
    Workspace,
    atomic_file,
    file_hash,
    fingerprint,
    write_jsonl,
    write_text,
)

ROOT = Path(builder.__file__).parent.parent


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "file.txt"
    write_text(path, "before")
    return path


def only(path: Path, text: str) -> bool:
    """The file holds the text and nothing lies beside it."""
    return path.read_text(encoding="utf-8") == text and list(path.parent.iterdir()) == [path]


def test_a_file_is_replaced_whole(target: Path) -> None:
    with atomic_file(target) as out:
        out.write("後")
        out.flush()
        assert target.read_text() == "before"
    assert only(target, "後")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, OSError])
def test_an_error_inside_leaves_the_old_file(target: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), atomic_file(target) as out:
        out.write("half")
        raise error
    assert only(target, "before")


def test_text_that_no_file_can_hold_leaves_the_old_file(target: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "half \ud83d pair")
    assert only(target, "before")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_said_and_the_old_file_stays(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(WorkspaceError, match=r"disk is full.*Free some space") as caught:
        write_text(target, "after")
    monkeypatch.undo()
    assert str(target) in str(caught.value)
    assert only(target, "before")


def test_another_fault_of_the_disk_is_not_called_full(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        write_text(target, "after")


def test_records_stream_and_a_fault_among_them_leaves_the_old_file(target: Path) -> None:
    def chunks() -> Iterator[Chunk]:
        yield make_chunk("a", "one")
        raise RuntimeError("the reader died")

    with pytest.raises(RuntimeError):
        write_jsonl(target, chunks())
    assert only(target, "before")
    assert write_jsonl(target, (make_chunk(n, n) for n in "abc")) == 3
    assert len(target.read_text().splitlines()) == 3


HOLD = """
import sys
from pathlib import Path
from builder.workspace import Workspace
with Workspace(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "bot")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(WorkspaceError, match="another monoshiri run") as caught,
            workspace.lock(),
        ):
            pass
        assert str(workspace.root) in str(caught.value)
        other.kill()  # even so the lock is free again
        other.wait()
    with workspace.lock():
        pass
    with pytest.raises(ValueError, match="inside"), workspace.lock():
        raise ValueError("inside")
    with workspace.lock():
        pass


def test_a_manifest_comes_back(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.manifest("index") is None
    manifest = Manifest("index", "f" * 64, StageReport("index", 3, 2, (("暗号", 1),), 0.5, ("a",)))
    workspace.complete(manifest)
    assert workspace.manifest("index") == manifest
    assert workspace.need("index") == manifest


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"stage": "index"}', "\x00", '"\\ud800"'])
def test_a_damaged_manifest_is_named_with_what_to_do(tmp_path: Path, damage: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.complete(Manifest("index", "f", StageReport("index", 1, 1)))
    path = tmp_path / "manifests" / "index.json"
    path.write_text(damage)
    with pytest.raises(WorkspaceError, match=r"manifest is damaged.*Delete it") as caught:
        workspace.need("index")
    assert str(path) in str(caught.value)


def test_a_manifest_that_is_no_text_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/index.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(WorkspaceError, match="damaged"):
        Workspace(tmp_path).manifest("index")


@pytest.mark.parametrize("stage", STAGES)
def test_a_missing_stage_names_the_command_that_makes_it(tmp_path: Path, stage: str) -> None:
    command = "import" if stage == "prepare" else stage
    with pytest.raises(StageMissing, match=f"Run `monoshiri {command} "):
        Workspace(tmp_path).need(stage)


def test_a_folder_without_bot_toml_is_no_bot(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="monoshiri build SOURCE"):
        Workspace(tmp_path).require()
    (tmp_path / "bot.toml").touch()
    Workspace(tmp_path).require()


def test_a_fingerprint_tells_inputs_apart(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    first = fingerprint(path, {"b": 1, "a": 2})
    assert first == fingerprint(path, {"a": 2, "b": 1})
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint([1], [2]) != fingerprint([1, 2])
    assert fingerprint(str(path)) != fingerprint(path)
    path.write_text("two")
    assert fingerprint(path, {"b": 1, "a": 2}) != first
    assert file_hash(tmp_path / "missing") == file_hash(tmp_path / "also missing")
    assert file_hash(path) != file_hash(tmp_path / "missing")

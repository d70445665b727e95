"""A kill (SIGKILL, of a real process) at any moment leaves the last complete state, and the next
run goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder
from stage_case import documents_of, make_context, run_stages, write_files

from builder.knowledge import vectors
from builder.stages import importing
from builder.stages.importing import run_import
from builder.stages.journal import Journal
from builder.stages.ledger import Record, Written
from builder.workspace import Workspace

FILES = {f"part-{n // 20}/rule-{n:03}.md": f"# Rule {n}\n\nIt says {n * 7}.\n" for n in range(160)}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return write_files(tmp_path / "many", FILES)


def killed_when(bot: Path, source: Path, moment: Callable[[Workspace], bool]) -> bool:
    """Run the stages in a process and kill it at that moment; False when it ended before."""
    places = [str(Path(__file__).parent), *(path for path in sys.path if path)]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("killed_import.py")), str(bot), str(source)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
    )
    workspace = Workspace(bot)
    while process.poll() is None:
        if moment(workspace):
            process.kill()
            process.wait()
            return True
        time.sleep(0.001)
    return False


def journal_of(workspace: Workspace) -> Path:
    return workspace.documents.with_name("journal.jsonl")


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_a_killed_first_import_goes_on_where_it_was(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert killed_when(tmp_path / "bot", many, lambda w: size(journal_of(w)) > 0)
    workspace = Workspace(tmp_path / "bot")
    assert not workspace.documents.exists()
    done = journal_of(workspace).read_bytes().count(b'{"item"')
    assert done > 0
    read: list[str] = []
    real = importing.read_items

    def watched(items: list[importing.Fresh], **limits: object) -> object:
        read.extend(item.source for item in items)  # type: ignore[attr-defined]
        return real(items, **limits)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "read_items", watched)
    context = make_context(tmp_path / "bot", many)
    run_import(context)
    assert len(read) <= len(FILES) - done + 1  # the last record may be torn
    assert not journal_of(workspace).exists()
    fresh = make_context(tmp_path / "fresh", many)
    run_import(fresh)
    assert context.workspace.documents.read_bytes() == fresh.workspace.documents.read_bytes()


def the_journal_is_there(w: Workspace) -> bool:
    return journal_of(w).exists()


def the_ledger_is_written(w: Workspace) -> bool:
    return (w.root / "documents/items.next.jsonl").exists()


def documents_are_replaced(w: Workspace) -> bool:
    return b"says new" in w.documents.read_bytes()


def chunks_are_cut(w: Workspace) -> bool:
    return b"says new" in w.chunks.read_bytes()


def the_index_is_opened_for_writing(w: Workspace) -> bool:
    manifest = json.loads((w.root / "manifests/index.json").read_text(encoding="utf-8"))
    return manifest["fingerprint"] == ""


@pytest.mark.parametrize(
    "moment",
    [
        the_journal_is_there,
        the_ledger_is_written,
        documents_are_replaced,
        chunks_are_cut,
        the_index_is_opened_for_writing,
    ],
)
def test_killed_at_any_moment_the_next_run_ends_the_same(
    tmp_path: Path, moment: Callable[[Workspace], bool]
) -> None:
    source = write_files(tmp_path / "few", dict(list(FILES.items())[:40]))
    context = make_context(tmp_path / "bot", source)
    run_stages(context, FakeEmbedder())
    before = context.workspace.documents.read_bytes()
    write_files(source, {"part-0/rule-001.md": "# Rule 1\n\nIt says new.\n", "z.md": "Last.\n"})
    (source / "part-1/rule-020.md").unlink()
    killed_when(tmp_path / "bot", source, moment)
    after = context.workspace.documents.read_bytes()
    assert after == before or b"says new" in after
    assert len(documents_of(context)) in (40, 40 + 1 - 1)
    embedder = FakeEmbedder()
    run_stages(context, embedder)
    fresh = make_context(tmp_path / "fresh", source)
    run_stages(fresh, FakeEmbedder())
    for name in ("documents/documents.jsonl", "chunks/chunks.jsonl"):
        roots = (context.workspace.root, fresh.workspace.root)
        assert (roots[0] / name).read_bytes() == (roots[1] / name).read_bytes(), name
    stored = [
        vectors.VectorStore(c.workspace.index / "vectors", embedder).stored()
        for c in (context, fresh)
    ]
    assert stored[0] == stored[1]
    assert len(embedder.embedded) <= 2  # only what changed


def record(name: str, *lengths: int) -> Record:
    written = tuple(Written(f"{name}{n}", "c", "l", length) for n, length in enumerate(lengths))
    return Record(name, "1", "o", "r", written)


@pytest.mark.parametrize("cut", [1, 20, 60, 1000])
def test_a_torn_journal_is_read_as_far_as_it_is_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.add(record("a", 4, 3), [b"aaa\n", b"bb\n"])
        whole = 0
        journal._file.flush()
        whole = size(path)
        journal.add(record("b", 1000), [b"b" * 999 + b"\n"])
    with path.open("r+b") as torn:
        torn.truncate(size(path) - cut)
    with Journal(path) as journal:
        assert set(journal.entries) == {"a"}
        assert journal.lines(journal.entries["a"]) == b"aaa\nbb\n"
        assert size(path) == whole
        journal.add(record("c", 2), [b"c\n"])
        assert journal.lines(journal.entries["c"]) == b"c\n"
    with Journal(path) as journal:
        assert set(journal.entries) == {"a", "c"}

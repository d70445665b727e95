"""The import stays current: renames, touched files, sources that are down, what failed before."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder
from stage_case import (
    COMPANY,
    balanced,
    chunks_of,
    documents_of,
    make_context,
    run_stages,
    write_files,
)

from builder.stages import survey
from builder.stages.changes import Change, last_changes
from builder.stages.context import Context
from builder.stages.importing import SourceChanges, rejections, run_import, source_changes
from builder.stages.indexing import run_index
from builder.stages.preparing import run_prepare
from connectors import readers
from connectors.errors import SourceError
from connectors.item import Item
from connectors.records import Document, Part, Rejection


def changes(context: Context) -> list[Change]:
    return list(last_changes(context.workspace))


def later(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_a_renamed_document_keeps_its_vectors(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, fake_embedder)
    before = len(fake_embedder.embedded)
    assert changes(context) == []
    (company / "hr").rename(company / "people")
    (company / "returns.md").rename(company / "takeback.md")
    report = run_import(context).report
    assert report.notes == ("2 unchanged", "2 renamed")
    assert changes(context) == [
        Change("renamed", "people/salary.md", "hr/salary.md"),
        Change("renamed", "takeback.md", "returns.md"),
    ]
    run_prepare(context, fake_embedder)
    assert "0 embedded" in run_index(context, fake_embedder).report.notes
    assert len(fake_embedder.embedded) == before
    assert {c.source for c in chunks_of(context)} == set(documents_of(context))
    assert "takeback.md" in documents_of(context)


def test_of_two_that_are_alike_the_one_with_the_same_name_was_renamed(
    company: Path, tmp_path: Path
) -> None:
    write_files(company, {"a/one.md": "The same.\n", "a/two.md": "The same.\n"})
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    (company / "b").mkdir()
    (company / "a/two.md").rename(company / "b/two.md")
    (company / "a/one.md").unlink()
    run_import(context)
    assert changes(context) == [
        Change("renamed", "b/two.md", "a/two.md"),
        Change("gone", "a/one.md"),
    ]


def test_a_copy_is_new_and_no_rename(company: Path, tmp_path: Path) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    write_files(company, {"copy.md": COMPANY["returns.md"]})
    run_import(context)
    assert changes(context) == [Change("new", "copy.md")]


def test_a_touched_file_changes_nothing(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder, read: list[str]
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, fake_embedder)
    read.clear()
    for name in COMPANY:
        later(company / name)
    results = run_stages(context, fake_embedder)
    assert read == []
    assert [result.unchanged for result in results[1:]] == [True, True]
    assert changes(context) == []
    assert source_changes(context) == SourceChanges({}, (), ())


def test_only_changed_documents_are_cut(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, fake_embedder)
    write_files(company, {"returns.md": "# Returns\n\nWithin 30 days.\n", "new.md": "New.\n"})
    (company / "hr/salary.md").unlink()
    counted: list[str] = []
    real = fake_embedder.count_tokens

    def count(texts: list[str]) -> list[int]:
        counted.extend(texts)
        return real(texts)

    monkeypatch.setattr(fake_embedder, "count_tokens", count)
    result = run_stages(context, fake_embedder)[1]
    assert "2 documents unchanged" in result.report.notes
    assert "30 days" in "".join(counted)
    assert "Kettle" not in "".join(counted)
    fresh = make_context(tmp_path / "fresh", company)
    run_stages(fresh, fake_embedder)
    assert context.workspace.chunks.read_bytes() == fresh.workspace.chunks.read_bytes()


def test_what_failed_is_not_tried_again_until_something_changes(
    company: Path, tmp_path: Path, read: list[str]
) -> None:
    (company / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    write_files(company, {"blank.txt": " \n"})
    context = make_context(tmp_path / "bot", company)
    first = run_import(context).report
    read.clear()
    assert run_import(context).report.rejected == first.rejected
    assert read == []
    assert {r.source for r in rejections(context)} == {"broken.pdf", "blank.txt"}
    limits = {"memory_mb": 2500}
    run_import(make_context(tmp_path / "bot", company, sources=limits))
    assert read == ["broken.pdf"]
    read.clear()
    later(company / "blank.txt")
    run_import(make_context(tmp_path / "bot", company, sources=limits))
    assert read == ["blank.txt"]


def test_a_new_version_of_a_reader_reads_its_files_anew(
    company: Path, tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    read.clear()
    monkeypatch.setitem(readers.RECIPES, ".csv", 99)
    run_import(context)
    assert read == ["catalogue.csv"]


def test_a_source_that_is_down_is_no_deletion(tmp_path: Path, read: list[str]) -> None:
    share = write_files(tmp_path / "share", {"a.md": "A.\n", "b.md": "B.\n"})
    local = write_files(tmp_path / "local", {"c.md": "C.\n"})
    context = make_context(tmp_path / "bot", share, local)
    run_import(context)
    read.clear()
    share.rename(tmp_path / "away")
    write_files(local, {"d.md": "D.\n"})
    found = source_changes(context)
    assert found.items == {"new": ["d.md"]}
    assert [rejection.source for rejection in found.down] == [str(share)]
    result = run_import(context)
    assert balanced(result)
    assert read == ["d.md"]
    assert set(documents_of(context)) == {"a.md", "b.md", "c.md", "d.md"}
    assert [r.reason for r in rejections(context)] == ["unreachable"]
    assert "2 documents" in rejections(context)[0].message
    (tmp_path / "away").rename(share)
    read.clear()
    assert run_import(context).report.rejected == ()
    assert read == []
    assert changes(context) == []


def test_a_folder_that_is_suddenly_empty_is_a_share_that_is_not_there(tmp_path: Path) -> None:
    share = write_files(tmp_path / "share", {"a.md": "A.\n", "b.md": "B.\n"})
    local = write_files(tmp_path / "local", {"c.md": "C.\n"})
    context = make_context(tmp_path / "bot", share, local)
    run_import(context)
    for name in ("a.md", "b.md"):
        (share / name).unlink()
    run_import(context)
    assert set(documents_of(context)) == {"a.md", "b.md", "c.md"}
    assert "take it out of `sources.paths`" in rejections(context)[0].message
    run_import(make_context(tmp_path / "bot", local))
    assert set(documents_of(context)) == {"c.md"}


class Given:
    """A source with what a test gives it."""

    name = "given"

    def __init__(self, *items: Item | Rejection, fails: bool = False) -> None:
        self._items, self._fails = items, fails

    def items(self) -> Iterator[Item | Rejection]:
        yield from self._items
        if self._fails:
            raise SourceError("The connection was lost.", "given")


class Made:
    """An item without a file; module level, since it is sent to a worker process."""

    def __init__(self, source: str, stamp: str = "1", reason: str = "") -> None:
        self.source, self.stamp, self.reason = source, stamp, reason

    def read(self) -> Iterator[Document | Rejection]:
        if self.reason:
            yield Rejection(self.source, self.reason, "It didn't work.")
            return
        text = f"{self.source} {self.stamp}"
        yield Document(self.source, self.source, "T", "en", "md", text, (Part("", text),))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Context]:
    def give(*items: Item | Rejection, fails: bool = False) -> Context:
        source = Given(*items, fails=fails)
        monkeypatch.setattr(survey, "openers", lambda *_: [("given", lambda: source)])
        return make_context(tmp_path / "bot", tmp_path)

    return give


def test_a_source_that_breaks_off_keeps_what_it_did_not_show(
    given: Callable[..., Context],
) -> None:
    run_import(given(Made("a"), Made("b"), Made("c")))
    context = given(Made("a", "2"), fails=True)
    run_import(context)
    found = documents_of(context)
    assert {name: d.content_hash for name, d in found.items()} == {
        "a": "a 2",
        "b": "b 1",
        "c": "c 1",
    }
    assert changes(context) == [Change("changed", "a")]


def test_nothing_of_a_folder_that_can_not_be_listed_is_deleted(
    given: Callable[..., Context],
) -> None:
    run_import(given(Made("a"), Made("sub/b"), Made("sub/c"), Made("d")))
    context = given(Made("a"), Rejection("sub/", "unreadable", "No permission."))
    run_import(context)
    assert set(documents_of(context)) == {"a", "sub/b", "sub/c"}
    assert changes(context) == [Change("gone", "d")]


def test_an_item_that_can_not_be_reached_keeps_its_last_version(
    given: Callable[..., Context],
) -> None:
    run_import(given(Made("a"), Made("b")))
    context = given(Made("a", "2", "unreadable"), Made("b", "2", "broken"))
    run_import(context)
    assert set(documents_of(context)) == {"a"}
    messages = {r.source: r.message for r in rejections(context)}
    assert messages["a"].endswith("What was imported before stays.")
    assert "stays" not in messages["b"]
    run_import(given(Made("a", "2"), Made("b", "2", "broken")))
    assert documents_of(context)["a"].content_hash == "a 2"


def test_another_setting_reads_anew_what_it_concerns(
    company: Path, tmp_path: Path, read: list[str]
) -> None:
    with zipfile.ZipFile(company / "inner.zip", "w") as held:
        held.writestr("a.md", "Held.\n")
    run_import(make_context(tmp_path / "bot", company))
    read.clear()
    run_import(make_context(tmp_path / "bot", company, sources={"ignore": ("*.bak",)}))
    assert read == ["inner.zip"]
    read.clear()
    columns = {"ignore": ("*.bak",), "columns": {"Name": "name"}}
    context = make_context(tmp_path / "bot", company, sources=columns)
    run_import(context)
    assert sorted(read) == sorted([*COMPANY, "inner.zip"])
    assert changes(context) == []

"""What a folder offers and what it leaves out."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from connectors.errors import SourceError
from connectors.folder import FolderSource
from connectors.item import FileItem, content_hash, document_id, read_file
from connectors.records import Document, Rejection
from connectors.settings import SourceSettings


def _reasons(source: FolderSource) -> dict[str, str]:
    return {
        outcome.source: outcome.reason if isinstance(outcome, Rejection) else "read"
        for outcome in source.items()
    }


def _write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_order_names_and_sizes(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "規程／案.md", "🎉 party.md", "a.md"):
        _write(tmp_path / name)
    items = list(FolderSource(tmp_path).items())
    assert [item.source for item in items] == [
        "a.md",
        "a/z.md",
        "b.md",
        "規程／案.md",
        "🎉 party.md",
    ]
    assert isinstance(items[0], FileItem)
    assert items[0].size == 4


def test_sources_are_nfc_and_ids_stable(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "ガイド.md")
    _write(tmp_path / decomposed)
    (item,) = FolderSource(tmp_path).items()
    assert isinstance(item, FileItem)
    assert item.source == "ガイド.md"
    document = read_file(item)
    assert isinstance(document, Document)
    assert document.id == document_id("ガイド.md")
    assert len(document.id) == 16


def test_two_spellings_of_one_name_are_both_kept(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        _write(tmp_path / unicodedata.normalize(form, "ガ.md"), form)
    assert len(list(FolderSource(tmp_path).items())) == len(list(tmp_path.iterdir()))


def test_default_ignore_rules(tmp_path: Path) -> None:
    for name in (
        ".git/config.md",
        "~$a.docx",
        "Thumbs.db",
        ".DS_Store",
        "__MACOSX/a.md",
        "x/.hidden.md",
    ):
        _write(tmp_path / name)
    _write(tmp_path / "keep.md")
    reasons = _reasons(FolderSource(tmp_path))
    assert reasons.pop("keep.md") == "read"
    assert set(reasons.values()) == {"ignored"}
    assert ".git/" in reasons


def test_own_ignore_rules(tmp_path: Path) -> None:
    for name in ("draft/a.md", "draft/keep.md", "old.md", "new.md", "secret.md"):
        _write(tmp_path / name)
    _write(tmp_path / ".monoshiriignore", "# ours\ndraft/*\n!draft/keep.md\n/old.md\n")
    reasons = _reasons(FolderSource(tmp_path, SourceSettings(ignore=("secret*",))))
    assert {name for name, reason in reasons.items() if reason == "read"} == {
        "draft/keep.md",
        "new.md",
    }


def test_links(tmp_path: Path) -> None:
    outside = _write(tmp_path / "outside/a.md")
    root = tmp_path / "root"
    inside = _write(root / "folder/a.md")
    (root / "circle").symlink_to(root)
    (root / "out").symlink_to(outside.parent)
    (root / "out.md").symlink_to(outside)
    (root / "in.md").symlink_to(inside)
    (root / "gone.md").symlink_to(root / "nothing")
    (root / "self.md").symlink_to(root / "self.md")
    assert _reasons(FolderSource(root)) == {
        "circle/": "ignored",
        "folder/a.md": "read",
        "gone.md": "unreadable",
        "in.md": "read",
        "out.md": "link-outside",
        "out/": "link-outside",
        "self.md": "unreadable",
    }


def test_files_that_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    _write(tmp_path / "old.pages")
    _write(tmp_path / "film.mp4")
    _write(tmp_path / "README")
    with (tmp_path / "big.log").open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # sparse
    os.mkfifo(tmp_path / "pipe.txt")
    rejections = {r.source: r for r in FolderSource(tmp_path).items() if isinstance(r, Rejection)}
    assert {name: r.reason for name, r in rejections.items()} == {
        "README": "unsupported",
        "big.log": "too-large",
        "empty.md": "empty",
        "old.pages": "unsupported",
        "film.mp4": "unsupported",
        "pipe.txt": "unsupported",
    }
    assert "200 MB" in rejections["big.log"].message
    assert ".docx" in rejections["old.pages"].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md")
    path.chmod(0)
    (item,) = FolderSource(tmp_path).items()
    assert isinstance(item, FileItem)
    outcome = read_file(item)
    assert isinstance(outcome, Rejection)
    assert outcome.reason == "unreadable"


def test_a_file_that_vanishes_is_unreadable(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md")
    (item,) = FolderSource(tmp_path).items()
    path.unlink()
    assert isinstance(item, FileItem)
    outcome = read_file(item)
    assert isinstance(outcome, Rejection)
    assert outcome.reason == "unreadable"


def test_text_without_text(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md", " \n\n")
    (item,) = FolderSource(path).items()
    assert isinstance(item, FileItem)
    outcome = read_file(item)
    assert isinstance(outcome, Rejection)
    assert outcome.reason == "no-text"


def test_one_file_as_root(tmp_path: Path) -> None:
    path = _write(tmp_path / "手引き.md")
    (item,) = FolderSource(path).items()
    assert isinstance(item, FileItem)
    assert item.source == "手引き.md"
    assert len(content_hash(item.path)) == 64


def test_shift_jis_file_names(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "規程.md".encode("cp932")
    Path(os.fsdecode(raw)).write_text("x", encoding="utf-8")
    (item,) = FolderSource(tmp_path).items()
    assert item.source == "規程.md"
    assert isinstance(item, FileItem)
    assert isinstance(read_file(item), Document)


def test_missing_root(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        FolderSource(tmp_path / "nothing")

"""The sample connector, as somebody else would install it."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from connectors import plugins
from connectors.errors import SourceError
from connectors.folder import FolderSource
from connectors.records import Document, Rejection
from connectors.sources import open_source
from connectors.worker import read_items

SAMPLE = Path(__file__).parents[2] / "samples" / "connector"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages with the sample in it, as pip lays it out."""
    site = tmp_path / "site"
    site.mkdir()
    shutil.copytree(SAMPLE / "monoshiri_notes", site / "monoshiri_notes")
    project = tomllib.loads((SAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    _describe(site, project["name"], project["entry-points"])
    monkeypatch.syspath_prepend(str(site))
    _forget()
    yield site
    for name in [name for name in sys.modules if name.startswith("monoshiri_notes")]:
        del sys.modules[name]
    _forget()


def _describe(site: Path, name: str, entry_points: dict[str, dict[str, str]]) -> None:
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    groups = (
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
        for group, points in entry_points.items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups))


def _forget() -> None:
    importlib.invalidate_caches()
    plugins.names.cache_clear()
    plugins.load.cache_clear()


def _notes(path: Path) -> str:
    with closing(sqlite3.connect(path)) as notes:
        notes.execute(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT, body TEXT, changed TEXT)"
        )
        rows = [(1, "休暇", "年次有給休暇は10日です。", "a"), (2, "Empty", "", "b")]
        notes.executemany("INSERT INTO note VALUES (?, ?, ?, ?)", rows)
        notes.commit()
    return f"notes://{path}"


@pytest.mark.usefixtures("install")
def test_its_source_is_opened_by_its_scheme_and_read_in_a_worker(tmp_path: Path) -> None:
    source = open_source(_notes(tmp_path / "notes.db"))
    outcomes = [o for batch in read_items(source.items()) for o in batch]
    document, rejection = outcomes
    assert isinstance(document, Document)
    assert (document.source, document.title, document.language) == ("notes.db/1", "休暇", "ja")
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "no-text"


@pytest.mark.usefixtures("install")
def test_its_format_is_read_wherever_such_a_file_lies(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    text = "開店の手順\n鍵を開ける\n\t灯りをつける\n"
    (root / "a.outline").write_text(text, encoding="utf-8")
    with ZipFile(root / "b.zip", "w") as archive:
        archive.writestr("c.outline", text)
    outcomes = [o for batch in read_items(FolderSource(root).items()) for o in batch]
    assert [o.source for o in outcomes] == ["a.outline", "b.zip/c.outline"]
    for outcome in outcomes:
        assert isinstance(outcome, Document), outcome
        assert outcome.parts[0].text == "# 開店の手順\n\n- 鍵を開ける\n  - 灯りをつける\n"


def test_without_it_neither_is_known(tmp_path: Path) -> None:
    _forget()
    (tmp_path / "a.outline").write_text("x\ny\n", encoding="utf-8")
    (rejection,) = FolderSource(tmp_path).items()
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "unsupported"
    with pytest.raises(SourceError, match="not supported"):
        open_source("notes:///a.db")


def test_no_package_replaces_what_is_built_in(install: Path, tmp_path: Path) -> None:
    _describe(
        install,
        "greedy",
        {"monoshiri.sources": {"file": "os:abort"}, "monoshiri.formats": {"md": "os:abort"}},
    )
    _forget()
    (tmp_path / "root").mkdir()
    (tmp_path / "root/a.md").write_text("Text.\n", encoding="utf-8")
    items = open_source((tmp_path / "root").as_uri()).items()
    ((document,),) = read_items(items)
    assert isinstance(document, Document)


def test_two_packages_for_one_scheme_are_refused(install: Path, tmp_path: Path) -> None:
    _describe(install, "other-notes", {"monoshiri.sources": {"notes": "os:abort"}})
    _forget()
    with pytest.raises(SourceError, match=r"monoshiri-notes 1\.0, other-notes 1\.0"):
        open_source(_notes(tmp_path / "notes.db"))


def test_a_package_that_does_not_load_is_named(install: Path, tmp_path: Path) -> None:
    (install / "monoshiri_notes/source.py").write_text("import nothing_of_the_kind\n")
    (install / "monoshiri_notes/outline.py").write_text("import nothing_of_the_kind\n")
    with pytest.raises(SourceError, match=r"monoshiri-notes 1\.0 can't be loaded"):
        open_source(_notes(tmp_path / "notes.db"))
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.outline").write_text("x\ny\n", encoding="utf-8")
    ((rejection,),) = read_items(FolderSource(root).items())
    assert isinstance(rejection, Rejection)
    assert "monoshiri-notes" in rejection.message

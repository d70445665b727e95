"""Loaders of LangChain, named by their paths."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import SourceError
from connectors.item import document_id
from connectors.loader import LoadedItem, LoaderSettings, LoaderSource
from connectors.records import Document, Rejection

NOTES = (
    "/srv/手引き.pdf;0;手引き;電気ケトルは満水にしないでください。\n"
    "/srv/手引き.pdf;1;手引き;使用後は水を捨ててください。\n"
    ";;;A note without a name.\n"
    "empty;;; \n"
)


@pytest.fixture(autouse=True)
def own_loaders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TOKEN", "s3cret")
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent), *sys.path])


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text(NOTES, encoding="utf-8")
    return path


def source(loader: str, args: dict[str, Any], seconds: float = 60) -> LoaderSource:
    return LoaderSource(LoaderSettings("crm", loader, args, seconds, memory_mb=2000))


def items(loader: str, args: dict[str, Any]) -> list[LoadedItem | Rejection]:
    return list(source(loader, args).items())


def read(item: LoadedItem | Rejection) -> Document:
    assert isinstance(item, LoadedItem)
    (document,) = item.read()
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize(
    "secret", [{"token": {"env": "CRM_TOKEN"}}, {"options": {"token": {"env": "CRM_TOKEN"}}}]
)
def test_pieces_of_one_source_become_one_document(notes: Path, secret: dict[str, Any]) -> None:
    found = items("own_loaders.NotesLoader", {"file_path": str(notes), **secret})
    guide, note, empty = found
    document = read(guide)
    assert document.source == "crm/srv/手引き.pdf"
    assert document.id == document_id("crm/srv/手引き.pdf")
    assert (document.title, document.language) == ("手引き", "ja")
    assert [part.locator for part in document.parts] == ["page 1", "page 2"]
    assert read(note).parts[0].text == "A note without a name."
    assert read(note).parts[0].locator == ""
    assert isinstance(empty, Rejection)
    assert (empty.source, empty.reason) == ("crm/empty", "no-text")


def test_stamps_and_names_hold_until_the_content_changes(notes: Path) -> None:
    args = {"file_path": str(notes), "token": {"env": "CRM_TOKEN"}}

    def stamps() -> dict[str, str]:
        found = items("own_loaders.NotesLoader", args)
        return {item.source: item.stamp for item in found if isinstance(item, LoadedItem)}

    first = stamps()
    assert stamps() == first
    notes.write_text("new;;New;Text.\n" + NOTES.replace("水を捨て", "湯を捨て"), encoding="utf-8")
    second = stamps()
    assert second.keys() - first.keys() == {"crm/new"}
    assert [name for name in first if first[name] != second[name]] == ["crm/srv/手引き.pdf"]


@pytest.mark.parametrize(
    ("loader", "said"),
    [
        ("own_loaders.NotesLoader", r"own_loaders\.NotesLoader failed \(PermissionError\)"),
        ("own_loaders.NoSuchLoader", "can't be imported"),
        ("no_such_package.Loader", "can't be imported"),
        ("own_loaders.no_loader", "is no LangChain document loader"),
        ("subprocess.Popen", "is no LangChain document loader"),
    ],
)
def test_what_goes_wrong_names_the_loader_and_no_secret(
    notes: Path, loader: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        items(loader, {"file_path": str(notes), "token": "s3cret too"})
    assert "s3cret" not in str(caught.value)


def test_a_variable_that_is_not_set_is_named(notes: Path) -> None:
    with pytest.raises(SourceError, match="NO_SUCH_TOKEN is not set"):
        items(
            "own_loaders.NotesLoader", {"file_path": str(notes), "token": {"env": "NO_SUCH_TOKEN"}}
        )


def test_a_loader_that_hangs_or_takes_all_memory_is_ended() -> None:
    with pytest.raises(SourceError, match="over 2 seconds"):
        list(source("own_loaders.HangingLoader", {}, seconds=2).items())
    with pytest.raises(SourceError, match="memory"):
        items("own_loaders.GreedyLoader", {})


def test_our_own_loader_of_folders(notes: Path) -> None:
    (item,) = items("connectors.langchain_loader.FolderLoader", {"root": str(notes.parent)})
    assert read(item).source == "crm/notes.txt"
    assert read(item).parts[0].text == NOTES


def test_a_loader_of_langchain_community(tmp_path: Path) -> None:
    pytest.importorskip("langchain_community")
    path = tmp_path / "stores.csv"
    path.write_text("store,opens\nKyoto,9:00\nOsaka,10:00\n", encoding="utf-8")
    loader = "langchain_community.document_loaders.csv_loader.CSVLoader"
    (item,) = items(loader, {"file_path": str(path)})
    document = read(item)
    assert document.title == "stores.csv"
    assert [part.locator for part in document.parts] == ["row 1", "row 2"]
    assert document.parts[0].text == "store: Kyoto\nopens: 9:00"
